/** The adapters on AWS keep every port's contract, on tables, queues, buses and buckets like those of the stack. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AwsClient } from 'aws4fetch';
import { afterAll, inject } from 'vitest';
import { dynamoClient, eventBridgeClient, sesClient, sqsClient } from '../../adapters/aws/clients.ts';
import { DynamoCustomers } from '../../adapters/aws/dynamo-customers.ts';
import { DynamoIdempotencyStore } from '../../adapters/aws/dynamo-idempotency-store.ts';
import { DynamoMailIndex } from '../../adapters/aws/dynamo-mail-index.ts';
import { DynamoPoolStore } from '../../adapters/aws/dynamo-pool-store.ts';
import { DynamoRateLimiter } from '../../adapters/aws/dynamo-rate-limiter.ts';
import { DynamoSends } from '../../adapters/aws/dynamo-sends.ts';
import { DynamoThreadStore } from '../../adapters/aws/dynamo-thread-store.ts';
import { EventBridgeEvents } from '../../adapters/aws/eventbridge-events.ts';
import { LayerPolicies } from '../../adapters/aws/layer-policies.ts';
import { S3Blobs } from '../../adapters/aws/s3-blobs.ts';
import { SesMailOut } from '../../adapters/aws/ses-mail-out.ts';
import { SqsEffects } from '../../adapters/aws/sqs-effects.ts';
import { SqsLanes } from '../../adapters/aws/sqs-lanes.ts';
import { SqsWaitQueue } from '../../adapters/aws/sqs-wait-queue.ts';
import { SsmSecrets } from '../../adapters/aws/ssm-secrets.ts';
import type { MailJob } from '../../core/delivery/send.ts';
import { policyIndexOf } from '../../core/policy/policy-index.ts';
import type { LaneMessage } from '../../core/ports.ts';
import type { DueThread } from '../../core/thread/commit.ts';
import { clock } from '../../lambdas/runtime/clock.ts';
import { laneMessageOf } from '../../lambdas/runtime/lane-message.ts';
import { parameters } from '../../lambdas/runtime/parameters.ts';
import { bodyOf, fifoBatch } from '../../lambdas/runtime/queue-batch.ts';
import { defaultPolicy } from '../builders.ts';
import { customersContract } from '../contracts/customers.ts';
import { effectsContract, eventsContract } from '../contracts/effects.ts';
import { fileScansContract } from '../contracts/file-scans.ts';
import { type LanesHarness, lanesContract } from '../contracts/lanes.ts';
import { mailIndexContract } from '../contracts/mail-index.ts';
import { poolStoreContract } from '../contracts/pools.ts';
import { idempotencyStoreContract, sendsContract } from '../contracts/records.ts';
import * as surroundings from '../contracts/surroundings.ts';
import { threadStoreContract } from '../contracts/thread-store.ts';
import { Subscriber } from './bus.ts';
import { REGION } from './commands.ts';
import { Consumer, taken } from './consumer.ts';
import { allMails } from './mails.ts';
import { aBucket, aBus, aQueue, aTable, aUser } from './places.ts';

const { endpoint, outputs } = inject('deployment');
const [dynamo, sqs, events] = [dynamoClient(), sqsClient(), eventBridgeClient()];
const folder = mkdtempSync(join(tmpdir(), 'meanwhile-contracts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function lanesOn(url: string): LanesHarness {
  let consumer: Consumer | undefined;
  return {
    lanes: new SqsLanes(sqs, url),
    consume: async (handler) => {
      const handle = fifoBatch({ client: sqs, url }, (lane, records) => handler(lane, records.map(laneMessageOf)));
      consumer = new Consumer(url, handle);
    },
    restarted: async () => lanesOn(url),
    stop: async () => consumer?.stop(),
  };
}

/** What was taken from a queue in all. */
function collected<T>(url: string, of: (record: Parameters<typeof bodyOf>[0]) => T): () => Promise<T[]> {
  const all: T[] = [];
  return async () => {
    all.push(...(await taken(url)).map(of));
    return all;
  };
}

threadStoreContract('DynamoThreadStore', async () => new DynamoThreadStore(dynamo, await aTable()));
poolStoreContract('DynamoPoolStore', async () => {
  const table = await aTable();
  return { pools: new DynamoPoolStore(dynamo, table), threads: new DynamoThreadStore(dynamo, table) };
});
customersContract('DynamoCustomers', async () => new DynamoCustomers(dynamo, await aTable()));
idempotencyStoreContract('DynamoIdempotencyStore', async () => new DynamoIdempotencyStore(dynamo, await aTable()));
mailIndexContract('DynamoMailIndex', async () => new DynamoMailIndex(dynamo, await aTable()));
sendsContract('DynamoSends', async () => new DynamoSends(dynamo, await aTable()));
lanesContract('SqsLanes', async () => lanesOn(await aQueue('LanesQueue')));

effectsContract('SqsEffects', async () => {
  const [mailQueue, laneQueue, waitQueue] = [
    await aQueue('MailsQueue'),
    await aQueue('LanesQueue'),
    await aQueue('WaitsQueue'),
  ];
  const bus = await aBus();
  const subscriber = await Subscriber.of(bus, `of-${bus}`);
  return {
    effects: new SqsEffects(sqs, mailQueue, {
      lanes: new SqsLanes(sqs, laneQueue),
      events: new EventBridgeEvents(events, bus),
      waits: new SqsWaitQueue(sqs, waitQueue, clock),
    }),
    mails: collected(mailQueue, (record) => bodyOf(record) as MailJob),
    commands: collected(laneQueue, (record): LaneMessage => laneMessageOf(record)),
    events: () => subscriber.seen(),
  };
});

eventsContract('EventBridgeEvents', async () => {
  const bus = await aBus();
  const subscriber = await Subscriber.of(bus, `of-${bus}`);
  return { events: new EventBridgeEvents(events, bus), published: () => subscriber.seen() };
});

surroundings.waitQueueContract('SqsWaitQueue', async () => {
  const url = await aQueue('WaitsQueue');
  const over = collected(url, (record) => ({ timer: bodyOf(record) as DueThread, at: clock.now() }));
  return {
    waits: new SqsWaitQueue(sqs, url, clock),
    now: () => clock.now(),
    over,
    pass: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    lateMsMax: Number.POSITIVE_INFINITY,
  };
});

surroundings.mailOutContract('SesMailOut', async () => {
  const from = (await allMails()).length;
  const blobs = new S3Blobs({ bucket: 'none', region: REGION, credentials: await aUser(), endpoint });
  return {
    mailOut: new SesMailOut(sesClient(), 'contracts', blobs),
    received: async () => {
      const all = (await allMails()).slice(from).filter(({ configurationSet }) => configurationSet === 'contracts');
      return all.map((mail) => ({ ...mail, to: [mail.to] }));
    },
  };
});

surroundings.blobsContract('S3Blobs', async () => ({
  blobs: new S3Blobs({ bucket: await aBucket(), region: REGION, credentials: await aUser(), endpoint }),
  now: clock.now(),
  upload: async (url, headers, bytes) =>
    (await fetch(url, { method: 'PUT', headers, body: Buffer.from(bytes) })).status,
  download: async (url) => new Uint8Array(await (await fetch(url)).arrayBuffer()),
}));

fileScansContract('S3Blobs', async () => {
  const [bucket, credentials] = [await aBucket(), await aUser()];
  const blobs = new S3Blobs({ bucket, region: REGION, credentials, endpoint });
  const client = new AwsClient({ ...credentials, region: REGION, service: 's3' });
  const values = { clean: 'NO_THREATS_FOUND', infected: 'THREATS_FOUND', unsure: 'UNSUPPORTED' };
  return {
    scans: blobs,
    put: async (key, finding) => {
      // The emulator keeps the tags of what is overwritten, which S3 does not.
      await client.fetch(`${endpoint}/${bucket}/${key}`, { method: 'DELETE' });
      await blobs.put(key, Buffer.from(finding), 'text/plain');
    },
    scan: async (key, finding) => {
      const tag = `<Tag><Key>GuardDutyMalwareScanStatus</Key><Value>${values[finding]}</Value></Tag>`;
      const body = `<Tagging><TagSet>${tag}</TagSet></Tagging>`;
      await client.fetch(`${endpoint}/${bucket}/${key}?tagging`, { method: 'PUT', body });
    },
  };
});

surroundings.secretsContract('SsmSecrets', async () => {
  return new SsmSecrets(parameters(), outputs['SecretsPrefix'] ?? '', clock);
});

surroundings.policiesContract('LayerPolicies', async () => {
  writeFileSync(join(folder, 'index.json'), JSON.stringify(policyIndexOf([defaultPolicy.source])));
  writeFileSync(join(folder, 'acme.json'), JSON.stringify(defaultPolicy.source));
  return new LayerPolicies(folder, dynamo, await aTable());
});

surroundings.rateLimiterContract('DynamoRateLimiter', async () => new DynamoRateLimiter(dynamo, await aTable()));
surroundings.clockContract('the clock of functions', () => clock);

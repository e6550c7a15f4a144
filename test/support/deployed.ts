/** The functions as deployed, around one endpoint that stands for AWS, each in the environment of its stack. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyIndexOf } from '../../core/policy/policy-index.ts';
import { defaultPolicy } from '../builders.ts';
import { AwsEndpoint } from './aws-endpoint.ts';
import { FUNCTIONS } from './bundle.ts';
import { codeOf, FunctionProcess } from './functions.ts';

const SECRETS = {
  idKey: 'a key of the tests',
  customerKeys: [],
  capabilityKeys: [{ kid: 'k1', secret: 'a secret of thirty-two characters' }],
};

export class Deployed {
  readonly aws: AwsEndpoint;
  readonly #folder = mkdtempSync(join(tmpdir(), 'meanwhile-deployed-'));
  readonly #running: FunctionProcess[] = [];

  private constructor(aws: AwsEndpoint) {
    this.aws = aws;
    writeFileSync(join(this.#folder, 'index.json'), JSON.stringify(policyIndexOf([defaultPolicy.source])));
    writeFileSync(join(this.#folder, 'acme.json'), JSON.stringify(defaultPolicy.source));
  }

  static async open(): Promise<Deployed> {
    await Promise.all(FUNCTIONS.map(codeOf));
    return new Deployed(await AwsEndpoint.open());
  }

  /** Forgets what was asked, and has every service answer that all went well and nothing is there. */
  reset(): void {
    this.aws.calls.length = 0;
    for (const operation of ['GetItem', 'PutItem', 'UpdateItem', 'Query', 'TransactWriteItems'])
      this.aws.on(operation, {});
    this.aws.on('SendMessageBatch', { Successful: [], Failed: [] });
    this.aws.on('ChangeMessageVisibilityBatch', { Successful: [], Failed: [] });
    this.aws.on('PutEvents', { FailedEntryCount: 0, Entries: [] });
    this.aws.on('SendEmail', { MessageId: 'ses-1' });
    this.aws.on('GetParameter', { Parameter: { Value: JSON.stringify(SECRETS) } });
  }

  /** Starts a function, with all of the environment but what is left out. */
  async start(name: string, { without = [] }: { without?: string[] } = {}): Promise<FunctionProcess> {
    const env = Object.entries(this.#environment()).filter(([variable]) => !without.includes(variable));
    const started = await FunctionProcess.start(name, this.#folder, Object.fromEntries(env));
    this.#running.push(started);
    return started;
  }

  /** What was put onto a queue, message by message. */
  sentTo(queue: string) {
    return this.aws
      .inputs('SendMessageBatch')
      .filter(({ QueueUrl }) => QueueUrl === this.queue(queue))
      .flatMap(({ Entries }) => Entries);
  }

  queue(name: string): string {
    return `${this.aws.url}/000000000000/${name}`;
  }

  async close(): Promise<void> {
    await Promise.all(this.#running.map((running) => running.stop()));
    await this.aws.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #environment(): Record<string, string> {
    return {
      ...{ AWS_REGION: 'eu-central-1', AWS_ENDPOINT_URL: this.aws.url },
      ...{ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b', AWS_SESSION_TOKEN: 'c' },
      ...{ THREAD_TABLE: 'Table', BLOB_BUCKET: 'bucket', FILE_SCAN: 'off', EVENT_BUS: 'bus', CONFIGURATION_SET: 'set' },
      ...{ API_URL: 'https://api.example' },
      ...{ POLICY_FOLDER: this.#folder, SECRETS_PREFIX: '/meanwhile/Stack/' },
      ...{ LANE_QUEUE: this.queue('lanes.fifo'), MAIL_QUEUE: this.queue('mails.fifo') },
      ...{ WAIT_QUEUE: this.queue('waits'), MAIL_EVENT_QUEUE: this.queue('mail-events') },
      ...{ INBOUND_MAIL_QUEUE: this.queue('inbound-mails') },
    };
  }
}

/** Each function as it is deployed: real events in, and what it then asks of AWS. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { indexKeysOf, logKey, mailKey, sendKey, threadPk } from '../../adapters/aws/keys.ts';
import { encodeLogItem } from '../../adapters/aws/log-codec.ts';
import { storedText } from '../../adapters/aws/stored-text.ts';
import type { MailJob } from '../../core/delivery/send.ts';
import { sendIdOf } from '../../core/ids.ts';
import { messageKey } from '../../core/inbound/mail-index.ts';
import { LOG_SCHEMA, storeDecision } from '../../core/thread/entry.ts';
import { aCommand, aReply, aStart, aStory, aText, aThreadId, defaultPolicy, MINUTE } from '../builders.ts';
import { aHead } from '../contracts/commits.ts';
import { aMailJob } from '../contracts/effects.ts';
import { Deployed } from '../support/deployed.ts';
import type { FunctionProcess } from '../support/functions.ts';
import { aLaneRecord, anHttpEvent, anSqsEvent, aRecord } from '../support/lambda-events.ts';
import { messageOf } from '../support/lane.ts';

const SECRET_WORDS = 'words that nobody but the two may read';
const VISITOR = { authorization: 'Bearer pk_acme_testtest', 'content-type': 'application/json' };

let deployed: Deployed;
beforeAll(async () => {
  deployed = await Deployed.open();
});
beforeEach(() => deployed.reset());
afterAll(() => deployed.close());

/** Every line is JSON, and none says what somebody wrote or how to reach them. */
function checkLog(running: FunctionProcess): void {
  for (const line of running.lines) expect(() => JSON.parse(line), line).not.toThrow();
  expect(running.lines.join()).not.toMatch(/nobody but the two|c1@example\.com|Cleo/);
}

/** The attributes of an item, as DynamoDB's API has them in JSON. */
function inJson(item: ReturnType<typeof storedText>) {
  return 'packed' in item && item.packed.B !== undefined
    ? { packed: { B: Buffer.from(item.packed.B).toString('base64') } }
    : item;
}

describe('routing', () => {
  it('decides a command, commits it, and only then lets anybody see what it caused', async () => {
    const start = aCommand(aThreadId(), aStart({ content: aText(SECRET_WORDS) }));
    const routing = await deployed.start('routing');
    const answer = await routing.invoke(anSqsEvent(aLaneRecord(messageOf(start))));
    expect(answer).toEqual({ batchItemFailures: [] });
    const { operations } = deployed.aws;
    const committed = operations.indexOf('TransactWriteItems');
    expect(new Set(operations.slice(0, committed))).toEqual(new Set(['PutItem', 'GetItem', 'GetParameter']));
    expect(operations.slice(committed + 1).sort()).toEqual(['PutEvents', 'SendMessageBatch']);
    const [head, log, outcome] = deployed.aws.inputs('TransactWriteItems')[0].TransactItems;
    expect([head, log, outcome].map(({ Put }) => Put.Item.sk.S.slice(0, 3))).toEqual(['HEA', 'LOG', 'CMD']);
    expect(deployed.sentTo('mails.fifo').map(({ MessageDeduplicationId: id }) => id.split('_').at(-1))).toEqual([
      'acknowledgement',
      'notice',
    ]);
    checkLog(routing);
    expect(routing.lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ ThreadsStarted: 1 }),
    );
  });

  it('leaves a lane to its queue whose thread cannot be read, and hides it for a moment', async () => {
    deployed.aws.on('GetItem', { failure: 'AccessDeniedException' });
    const record = aLaneRecord(messageOf(aCommand(aThreadId(), aStart())));
    const routing = await deployed.start('routing');
    const answer = await routing.invoke(anSqsEvent(record));
    expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: record.messageId }] });
    expect(deployed.aws.inputs('ChangeMessageVisibilityBatch')).toEqual([
      {
        QueueUrl: deployed.queue('lanes.fifo'),
        Entries: [{ Id: '0', ReceiptHandle: record.receiptHandle, VisibilityTimeout: 1 }],
      },
    ]);
    expect(deployed.aws.operations).not.toContain('TransactWriteItems');
    checkLog(routing);
    // It had asked for the secrets meanwhile.
    await routing.stop();
  });
});

describe('delivery', () => {
  /** A reply in the log of its thread, and the job to mail it. */
  function aReplyToMail(): { job: MailJob; item: object } {
    const story = aStory();
    story.tell(aReply({ content: aText(SECRET_WORDS) }));
    const entry = story.entries.find(({ type, author }) => type === 'message' && author.kind === 'agent');
    if (entry === undefined) return expect.unreachable();
    const { author, at, cause, seq } = entry;
    const decision = { command: cause.command, policy: defaultPolicy.hash, at, author, entries: [entry], effects: [] };
    const text = encodeLogItem(story.id, { schema: LOG_SCHEMA, lastSeq: seq, decisions: [storeDecision(decision)] });
    const sendId = sendIdOf(story.id, seq, 'reply');
    return { job: { ...aMailJob(story.id, sendId), seq, logSeq: seq }, item: inJson(storedText(text)) };
  }
  const record = (job: MailJob) => aRecord(job, { group: `${job.thread}~customer`, id: job.sendId });
  // By the function's own clock, which is the real one: a mail that is put off for two days is given up.
  const claimed = { Attributes: { attempts: { N: '1' }, tries: { N: '0' }, since: { N: String(Date.now()) } } };

  it('claims a mail, writes it from the log, sends it once, and keeps that it is sent', async () => {
    const { job, item } = aReplyToMail();
    deployed.aws.on('GetItem', { Item: item });
    deployed.aws.on('UpdateItem', claimed);
    const delivery = await deployed.start('delivery');
    expect(await delivery.invoke(anSqsEvent(record(job)))).toEqual({ batchItemFailures: [] });
    const asked = ['UpdateItem', 'GetItem', 'GetItem', 'GetParameter', 'SendEmail', 'PutItem', 'UpdateItem'];
    expect(deployed.aws.operations).toEqual(asked);
    const { pk, sk } = logKey(job.thread, job.logSeq);
    expect(deployed.aws.inputs('GetItem')[1].Key).toEqual({ pk: { S: pk }, sk: { S: sk } });
    const [mail] = deployed.aws.inputs('SendEmail');
    expect(mail).toMatchObject({
      Destination: { ToAddresses: ['"Cleo" <c1@example.com>'] },
      ConfigurationSetName: 'set',
      EmailTags: [{ Value: job.sendId }, { Value: '1' }, { Value: 'reply' }, { Value: 'acme' }, { Value: 'reply' }],
    });
    expect(mail.Content.Simple.Body.Text.Data).toContain(SECRET_WORDS);
    const [claim, settlement] = deployed.aws.inputs('UpdateItem');
    expect(claim.Key.sk.S).toBe(sendKey(job.sendId).sk);
    expect(settlement.ExpressionAttributeValues[':provider']).toEqual({ S: 'ses-1' });
    expect(deployed.aws.inputs('PutItem')[0].Item.pk.S, 'an answer finds its thread').toBe(
      mailKey(messageKey('acme', 'ses-1')).pk,
    );
    checkLog(delivery);
  });

  it('gives a mail back to its queue that SES does not take now', async () => {
    const { job, item } = aReplyToMail();
    deployed.aws.on('GetItem', { Item: item });
    deployed.aws.on('UpdateItem', claimed);
    deployed.aws.on('SendEmail', { failure: 'TooManyRequestsException', status: 429 });
    const mail = record(job);
    const delivery = await deployed.start('delivery');
    expect(await delivery.invoke(anSqsEvent(mail))).toEqual({
      batchItemFailures: [{ itemIdentifier: mail.messageId }],
    });
    expect(deployed.aws.inputs('SendEmail'), 'no second try by the client').toHaveLength(1);
    expect(deployed.aws.inputs('UpdateItem')[1].ExpressionAttributeValues[':state']).toEqual({ S: 'released' });
    expect(deployed.aws.inputs('ChangeMessageVisibilityBatch')[0].QueueUrl).toBe(deployed.queue('mails.fifo'));
    checkLog(delivery);
  });
});

describe('sla-check', () => {
  it('hands near timers to the wait queue when it sweeps, and those whose wait is over to their lanes', async () => {
    const thread = aThreadId();
    const dueAt = Date.now() + MINUTE;
    const { due = '', dueAt: sort = '' } = indexKeysOf(aHead({ id: thread, closeAt: dueAt, generation: 4 }));
    const entry = { pk: { S: threadPk(thread) }, sk: { S: 'HEAD' }, due: { S: due }, dueAt: { S: sort } };
    deployed.aws.on('Query', ({ ExpressionAttributeValues: values }) =>
      values[':shard'].S === due ? { Items: [entry] } : { Items: [] },
    );
    const slaCheck = await deployed.start('sla-check');
    expect(await slaCheck.invoke({ sweep: true })).toBe(1);
    expect(deployed.aws.inputs('Query').every(({ IndexName }) => IndexName === 'due')).toBe(true);
    const [wait] = deployed.sentTo('waits');
    expect(JSON.parse(wait.MessageBody)).toEqual({ thread, dueAt, generation: 4 });
    expect(wait.DelaySeconds).toBeGreaterThan(50);
    expect(wait.DelaySeconds).toBeLessThanOrEqual(60);
    expect(JSON.parse(slaCheck.lines[0] ?? '')).toMatchObject({ TimersSwept: 1 });
    expect(await slaCheck.invoke(anSqsEvent(aRecord(wait.MessageBody)))).toEqual({ batchItemFailures: [] });
    const [timer] = deployed.sentTo('lanes.fifo');
    expect(timer.MessageGroupId).toBe(thread);
    expect(JSON.parse(timer.MessageBody)).toMatchObject({ thread, body: { type: 'fire-timers', generation: 4 } });
    checkLog(slaCheck);
  });
});

describe('email-events', () => {
  const thread = aThreadId();
  const send = sendIdOf(thread, 2, 'reply');
  const record = (type: string, detail: object) =>
    aRecord({
      ...{ source: 'aws.ses', 'detail-type': type },
      detail: { ...detail, mail: { messageId: 'ses-1', tags: { send: [send], attempt: ['1'] } } },
    });

  it('settles what was sent, and tells the thread what did not arrive', async () => {
    const emailEvents = await deployed.start('email-events');
    const bounce = record('Email Bounced', { bounce: { bounceType: 'Permanent', bounceSubType: 'General' } });
    const event = anSqsEvent(record('Email Sent', {}), bounce, aRecord('no event of ours'));
    expect(await emailEvents.invoke(event)).toEqual({ batchItemFailures: [] });
    const [settlement] = deployed.aws.inputs('UpdateItem');
    expect(settlement.Key).toEqual({ pk: { S: threadPk(thread) }, sk: { S: 'SEND#2_reply' } });
    const [message, ...more] = deployed.sentTo('lanes.fifo');
    expect(more).toEqual([]);
    expect(message.MessageGroupId).toBe(thread);
    expect(JSON.parse(message.MessageBody).body).toEqual({
      ...{ type: 'record-delivery', send, state: 'bounced', detail: 'Permanent General' },
    });
    checkLog(emailEvents);
  });
});

describe('intake and queries', () => {
  it('take a message onto its lane before they answer, and keep the policy it is accepted under', async () => {
    const intake = await deployed.start('intake');
    const body = JSON.stringify({ text: SECRET_WORDS, customer: { email: 'c1@example.com' } });
    const answer = await intake.invoke(anHttpEvent('POST', '/v1/threads', { headers: VISITOR, body }));
    expect(answer).toMatchObject({ statusCode: 202, headers: { 'content-type': 'application/json' } });
    const { threadId, commandId } = JSON.parse((answer as { body: string }).body);
    expect(deployed.aws.operations).toEqual(['GetParameter', 'PutItem', 'SendMessageBatch']);
    expect(deployed.aws.inputs('PutItem')[0].Item.pk.S).toBe('acme#POLICY');
    const [message] = deployed.sentTo('lanes.fifo');
    expect(message).toMatchObject({ MessageGroupId: threadId, MessageDeduplicationId: commandId });
    checkLog(intake);
  });

  it('answer that they cannot take it where the lane does not', async () => {
    deployed.aws.on('SendMessageBatch', { failure: 'InternalError', status: 500 });
    const intake = await deployed.start('intake');
    const answer = await intake.invoke(
      anHttpEvent('POST', '/v1/threads', { headers: VISITOR, body: JSON.stringify({ text: 'Hello' }) }),
    );
    expect(answer).toMatchObject({ statusCode: 503, headers: { 'retry-after': '1' } });
    checkLog(intake);
  });

  it('answer reads, and say nothing of them', async () => {
    const [queries, intake] = [await deployed.start('queries'), await deployed.start('intake')];
    const hours = await intake.invoke(anHttpEvent('GET', '/v1/hours', { headers: VISITOR }));
    expect(hours).toMatchObject({ statusCode: 200 });
    expect(await queries.invoke(anHttpEvent('GET', '/v1/threads'))).toMatchObject({ statusCode: 401 });
    expect(await queries.invoke(anHttpEvent('GET', '/v1/openapi.json'))).toMatchObject({ statusCode: 200 });
    expect(await queries.invoke(anHttpEvent('POST', '/v1/threads'))).toMatchObject({ statusCode: 405 });
    expect(queries.lines).toEqual([]);
  });
});

describe('a function', () => {
  it('that is not told all it needs does not start, and names all that is missing', async () => {
    const starting = deployed.start('routing', { without: ['LANE_QUEUE', 'EVENT_BUS'] });
    await expect(starting).rejects.toThrow('These variables are missing: LANE_QUEUE, EVENT_BUS.');
  });
});

/** The operator's tools on AWS keep the same contracts as on one machine. */
import { DeleteItemCommand, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { dynamoClient, sqsClient } from '../../adapters/aws/clients.ts';
import { DynamoAudit } from '../../adapters/aws/dynamo-audit.ts';
import { DynamoThreadStore, headItemOf } from '../../adapters/aws/dynamo-thread-store.ts';
import { headKey, type Key, logKey } from '../../adapters/aws/keys.ts';
import { SqsDeadLetters } from '../../adapters/aws/sqs-dead-letters.ts';
import type { Thread } from '../../core/thread/thread.ts';
import { auditContract, deadLettersContract } from '../contracts/upkeep.ts';
import { taken } from './consumer.ts';
import { aQueue, aTable } from './places.ts';

const [dynamo, sqs] = [dynamoClient(), sqsClient()];

auditContract('DynamoAudit', async () => {
  const table = await aTable();
  const threads = new DynamoThreadStore(dynamo, table);
  const itemKey = ({ pk, sk }: Key) => ({ pk: { S: pk }, sk: { S: sk } });
  const lose = async (key: Key) => {
    await dynamo.send(new DeleteItemCommand({ TableName: table, Key: itemKey(key) }));
  };
  /** Puts the head with another text, or with keys of indexes that are those of another thread. */
  const change = async (threadId: string, changes: Partial<Thread>, isTextKept: boolean) => {
    const asked = new GetItemCommand({ TableName: table, Key: itemKey(headKey(threadId)) });
    const { Item = {} } = await dynamo.send(asked);
    const thread = await threads.load(threadId);
    if (thread === undefined) throw new Error('There is nothing to be changed.');
    const changed = headItemOf({ ...thread, ...changes });
    const { text } = isTextKept ? Item : changed;
    const whole = isTextKept ? { ...changed, text } : { ...Item, text };
    await dynamo.send(new PutItemCommand({ TableName: table, Item: whole as typeof Item }));
  };
  return {
    threads,
    audit: new DynamoAudit(dynamo, table),
    damage: {
      loseHead: (id) => lose(headKey(id)),
      changeSubject: (id, subject) => change(id, { subject }, false),
      changeTeam: (id) => change(id, { team: 'nobody' }, true),
      loseLogItem: (id, lastSeq) => lose(logKey(id, lastSeq)),
    },
  };
});

deadLettersContract('SqsDeadLetters', async () => {
  const pair = async () => ({ queueUrl: await aQueue('LanesQueue'), deadLettersUrl: await aQueue('LanesQueue') });
  const mail = { mails: await pair(), 'mail-events': await pair(), 'inbound-mails': await pair() };
  const queues = { commands: await pair(), waits: await pair(), ...mail };
  return {
    letters: new SqsDeadLetters(sqs, queues),
    bury: async (queue, lane, body) => {
      const QueueUrl = queues[queue].deadLettersUrl;
      const fifo = { MessageGroupId: lane, MessageDeduplicationId: body };
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body, ...fifo }));
    },
    queued: async (queue) => (await taken(queues[queue].queueUrl)).map(({ body }) => body),
  };
});

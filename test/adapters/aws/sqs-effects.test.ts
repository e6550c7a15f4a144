import { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { SqsEffects } from '../../../adapters/aws/sqs-effects.ts';
import type { MailJob } from '../../../core/delivery/send.ts';
import { TransientFailure } from '../../../core/failures.ts';
import type { Performance, Wait } from '../../../core/ports.ts';
import { aThreadId, MONDAY } from '../../builders.ts';
import { aMailJob, anEvent } from '../../contracts/effects.ts';
import { anAwsFailure, NOWHERE } from '../../support/aws-sdk.ts';

const sqs = mockClient(SQSClient);
const NOTHING: Performance = { mails: [], commands: [], events: [], timers: [] };

/** Effects whose other ends note what they are given. */
function effects(failing?: 'lanes' | 'events' | 'waits') {
  const handed: unknown[] = [];
  const note = (end: string) => async (given: unknown[]) => {
    if (end === failing) throw new TransientFailure(end);
    handed.push([end, given]);
  };
  const to = { lanes: { send: note('lanes') }, events: { publish: note('events') }, waits: { put: note('waits') } };
  return { effects: new SqsEffects(new SQSClient(NOWHERE), 'https://mails', to), handed };
}

function mails(): MailJob[] {
  const entries = sqs.commandCalls(SendMessageBatchCommand).flatMap(({ args: [{ input }] }) => input.Entries ?? []);
  return entries.map(({ MessageBody = '' }) => JSON.parse(MessageBody));
}

describe('effects by way of SQS and EventBridge', () => {
  beforeEach(() => {
    sqs.reset();
    sqs.on(SendMessageBatchCommand).resolves({});
  });

  it('put mails of one thread to one recipient into one group, under the ids of their sends', async () => {
    const thread = aThreadId();
    const [reply, notice] = [aMailJob(thread, 'snd_1'), { ...aMailJob(thread, 'snd_2'), recipient: 'team:billing' }];
    await effects().effects.perform({ ...NOTHING, mails: [reply, notice as MailJob] });
    const [call] = sqs.commandCalls(SendMessageBatchCommand);
    expect(call?.args[0].input).toMatchObject({
      QueueUrl: 'https://mails',
      Entries: [
        { MessageGroupId: `${thread}~customer`, MessageDeduplicationId: 'snd_1' },
        { MessageGroupId: `${thread}~team:billing`, MessageDeduplicationId: 'snd_2' },
      ],
    });
    expect(mails()).toEqual([reply, notice]);
  });

  it('hand everything else to whom it belongs, and ask nobody for nothing', async () => {
    const { effects: some, handed } = effects();
    await some.perform(NOTHING);
    expect(handed).toEqual([]);
    expect(sqs.calls()).toEqual([]);
    const commands = [{ lane: aThreadId(), id: 'cmd_1', body: {} }];
    const timers: Wait[] = [{ timer: { thread: aThreadId(), dueAt: MONDAY, generation: 1 }, delayMs: 5 }];
    const events = [anEvent('evt_1')];
    await some.perform({ ...NOTHING, commands, timers, events });
    expect(handed).toEqual([
      ['lanes', commands],
      ['events', events],
      ['waits', timers],
    ]);
  });

  it.each(['lanes', 'events', 'waits'] as const)('fail where %s do: then all is performed again', async (failing) => {
    const timers = [{ timer: { thread: aThreadId(), dueAt: MONDAY, generation: 1 }, delayMs: 5 }];
    const commands = [{ lane: aThreadId(), id: 'cmd_1', body: {} }];
    const all = { mails: [aMailJob(aThreadId(), 'snd_1')], commands, events: [anEvent('evt_1')], timers };
    await expect(effects(failing).effects.perform(all)).rejects.toThrow(TransientFailure);
  });

  it('fail where the mail queue does not take a mail', async () => {
    sqs.on(SendMessageBatchCommand).rejects(anAwsFailure('RequestThrottled', { status: 403 }));
    const performance = { ...NOTHING, mails: [aMailJob(aThreadId(), 'snd_1')] };
    await expect(effects().effects.perform(performance)).rejects.toThrow(TransientFailure);
  });
});

import { describe, expect, it } from 'vitest';
import type { MetricName } from '../../../core/ports.ts';
import {
  ANA,
  aCommand,
  aCustomerMessage,
  aPolicy,
  aReply,
  aStart,
  aThreadId,
  HOUR,
  MINUTE,
  MONDAY,
} from '../../builders.ts';
import { instead } from '../../support/instead.ts';
import { TestLane } from '../../support/lane.ts';

function valuesOf(lane: TestLane, name: MetricName): number[] {
  return lane.measured.filter(([measured]) => measured === name).map(([, value]) => value);
}

describe('what is measured', () => {
  it('is how long customers waited for the first reply, and for the next', async () => {
    const lane = new TestLane();
    const thread = aThreadId();
    const [asked, answered] = [MONDAY + HOUR, MONDAY + HOUR + 5 * MINUTE];
    await lane.run(aCommand(thread, aStart()));
    await lane.run(aCommand(thread, aReply(), { acceptedAt: MONDAY + 20 * MINUTE }));
    await lane.run(aCommand(thread, aCustomerMessage(), { acceptedAt: asked }));
    await lane.run(aCommand(thread, aReply(), { acceptedAt: answered }));
    expect(valuesOf(lane, 'FirstReplySeconds')).toEqual([20 * 60]);
    expect(valuesOf(lane, 'NextReplySeconds')).toEqual([5 * 60]);
  });

  it('is no wait where nobody waits: a second reply, or a thread that an agent began', async () => {
    const lane = new TestLane();
    const thread = aThreadId();
    await lane.run(aCommand(thread, aStart()), aCommand(thread, aReply()), aCommand(thread, aReply()));
    await lane.run(aCommand(aThreadId(), aStart(), { author: ANA }));
    expect(valuesOf(lane, 'FirstReplySeconds')).toEqual([0]);
    expect(valuesOf(lane, 'NextReplySeconds')).toEqual([]);
  });

  it('is what came in, what began, and how old commands were when they were decided', async () => {
    const lane = new TestLane();
    const thread = aThreadId();
    const old = { acceptedAt: MONDAY - 3_000 };
    await lane.run(aCommand(thread, aStart(), old), aCommand(thread, aCustomerMessage()), aCommand(thread, aReply()));
    expect(valuesOf(lane, 'ThreadsStarted')).toEqual([1]);
    expect(valuesOf(lane, 'MessagesReceived')).toEqual([1, 1]);
    expect(valuesOf(lane, 'CommandAgeMs')).toEqual([3_000, 0, 0]);
  });

  it('is what had to be set aside', async () => {
    const lane = new TestLane();
    const thread = aThreadId();
    await lane.run(aCommand(thread, aStart()));
    await lane.runMessages([{ lane: thread, id: 'm1', body: 'nonsense' }]);
    expect(valuesOf(lane, 'SetAsides')).toEqual([1]);
  });

  it('is every deadline that was not kept', async () => {
    const sla = [{ id: 'all', metrics: { 'first-reply': { within: '1h', calendar: 'always' } } }];
    const lane = new TestLane();
    lane.deps.policies = instead(lane.deps.policies, { version: async () => aPolicy({ sla }) });
    const thread = aThreadId();
    await lane.run(aCommand(thread, aStart()));
    await lane.run(aCommand(thread, aReply(), { acceptedAt: MONDAY + 2 * HOUR }));
    expect(valuesOf(lane, 'DeadlinesBreached')).toEqual([1]);
  });

  it('is measured once, however often a command comes', async () => {
    const lane = new TestLane();
    const command = aCommand(aThreadId(), aStart());
    await lane.run(command);
    await lane.run(command);
    expect(valuesOf(lane, 'ThreadsStarted')).toEqual([1]);
  });
});

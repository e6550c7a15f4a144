import { describe, expect, it } from 'vitest';
import { TransientFailure } from '../../../core/failures.ts';
import type { ThreadStore } from '../../../core/ports.ts';
import { contentOf } from '../../../core/thread/content.ts';
import { aCommand, aCustomerMessage, aReply, aStart, aThreadId, HOUR, MINUTE, MONDAY } from '../../builders.ts';
import { messageOf, TestLane } from '../../support/lane.ts';

/** A store whose calls fail as they are told, before or after they took effect. */
function failing(store: ThreadStore, plan: { commit?: (Error | null)[]; after?: (Error | null)[] }): ThreadStore {
  return new Proxy(store, {
    get: (target, name: keyof ThreadStore) => {
      if (name !== 'commit') return (target[name] as () => unknown).bind(target);
      return async (commit: Parameters<ThreadStore['commit']>[0]) => {
        const before = plan.commit?.shift();
        if (before) throw before;
        const result = await target.commit(commit);
        const after = plan.after?.shift();
        if (after) throw after;
        return result;
      };
    },
  });
}

describe('a lane', () => {
  it('decides, commits, and performs', async () => {
    const lane = new TestLane();
    const start = aCommand(aThreadId(), aStart());
    expect(await lane.run(start)).toEqual({ done: 1 });
    expect((await lane.entries(start.thread)).map(({ type }) => type)).toEqual(['started', 'message', 'promise']);
    expect(await lane.deps.threads.outcome(start.thread, start.id)).toMatchObject({ status: 'done', logSeq: 3 });
    expect(lane.performed).toMatchObject([
      {
        mails: [
          { kind: 'acknowledgement', to: { address: 'c1@example.com' } },
          { kind: 'notice', to: { address: 'support@acme.example' } },
        ],
        events: [{ type: 'meanwhile.thread.started', subject: start.thread }],
      },
    ]);
  });

  it('folds a batch into one transaction, each command on what the one before left', async () => {
    const lane = new TestLane();
    const id = aThreadId();
    const batch = [
      aCommand(id, aStart()),
      aCommand(id, aReply()),
      aCommand(id, { type: 'set-status', status: 'solved' }),
    ];
    expect(await lane.run(...batch)).toEqual({ done: 3 });
    expect(await lane.deps.threads.log(id, 0, 10)).toHaveLength(1);
    expect(await lane.deps.threads.load(id)).toMatchObject({ status: 'solved', seq: 6 });
    expect(lane.mails).toHaveLength(3);
  });

  it('performs the stored effects of a command that comes again, and changes nothing', async () => {
    const lane = new TestLane();
    const start = aCommand(aThreadId(), aStart());
    await lane.run(start);
    const first = lane.performed.splice(0);
    expect(await lane.run(start)).toEqual({ done: 1 });
    expect(lane.performed).toEqual(first);
    expect(await lane.entries(start.thread)).toHaveLength(3);
  });

  it('sorts out what came before from what is new in one batch', async () => {
    const lane = new TestLane();
    const id = aThreadId();
    const message = aCommand(id, aCustomerMessage(), { acceptedAt: MONDAY + HOUR });
    const [start, reply] = [aCommand(id, aStart()), aCommand(id, aReply())];
    await lane.run(start, message);
    expect(await lane.run(start, message, reply, reply)).toEqual({ done: 4 });
    const entries = await lane.entries(id);
    expect(entries.filter(({ type }) => type === 'message')).toHaveLength(3);
    expect(new Set(lane.mails).size).toBe(4);
  });

  it('tells why it rejects, and changes nothing', async () => {
    const lane = new TestLane();
    const reply = aCommand(aThreadId(), aReply());
    await lane.run(reply);
    expect(await lane.deps.threads.outcome(reply.thread, reply.id)).toMatchObject({
      status: 'rejected',
      reason: { code: 'unknown-thread' },
    });
    expect(await lane.deps.threads.load(reply.thread)).toBeUndefined();
  });

  it('tells another lane of a refusal, also when it comes again', async () => {
    const lane = new TestLane();
    const [older, newer] = [aThreadId('c1', MONDAY - HOUR), aThreadId('c1')];
    const absorb = aCommand(older, {
      type: 'absorb',
      from: newer,
      customerId: 'c1',
      waitingSince: null,
      status: 'open',
    });
    await lane.run(absorb);
    await lane.run(absorb);
    expect(lane.performed).toMatchObject(
      Array(2).fill({ commands: [{ lane: newer, body: { body: { type: 'refuse-merge' } } }] }),
    );
  });
});

describe('trouble that passes', () => {
  it('is retried in place', async () => {
    const lane = new TestLane();
    lane.deps.threads = failing(lane.deps.threads, {
      commit: [new TransientFailure('throttled'), new TransientFailure('again')],
    });
    expect(await lane.run(aCommand(aThreadId(), aStart()))).toEqual({ done: 1 });
    expect(lane.pauses).toEqual([20, 40]);
    expect(lane.mails).toHaveLength(2);
  });

  it('after the commit took effect does not decide twice', async () => {
    const lane = new TestLane();
    lane.deps.threads = failing(lane.deps.threads, { after: [new TransientFailure('the answer was lost')] });
    const start = aCommand(aThreadId(), aStart());
    expect(await lane.run(start)).toEqual({ done: 1 });
    expect(await lane.entries(start.thread)).toHaveLength(3);
    expect(lane.mails).toHaveLength(2);
  });

  it('that does not pass leaves the message to the queue', async () => {
    const lane = new TestLane();
    const always = Array.from({ length: 9 }, () => new TransientFailure('down'));
    lane.deps.threads = failing(lane.deps.threads, { commit: always });
    const outcome = await lane.run(aCommand(aThreadId(), aStart()));
    expect(outcome).toMatchObject({ done: 0, failure: { name: 'TransientFailure' } });
  });

  it('while performing performs again, and tells what is done', async () => {
    const lane = new TestLane();
    const perform = lane.deps.effects.perform.bind(lane.deps.effects);
    let failures = 1;
    lane.deps.effects = {
      perform: async (performance) => {
        if (failures-- > 0) throw new TransientFailure('busy');
        return perform(performance);
      },
    };
    const id = aThreadId();
    expect(await lane.run(aCommand(id, aStart()), aCommand(id, aReply()))).toEqual({ done: 2 });
    expect(new Set(lane.mails).size).toBe(3);
  });

  it('of a writer who was overtaken is noticed: it reads again', async () => {
    const lane = new TestLane();
    const id = aThreadId();
    const start = aCommand(id, aStart());
    await lane.run(start);
    const { threads } = lane.deps;
    const stale = await threads.load(id);
    await lane.run(aCommand(id, aCustomerMessage()));
    let reads = 0;
    lane.deps.threads = Object.assign(Object.create(threads), {
      load: async (thread: string) => (reads++ === 0 ? stale : threads.load(thread)),
      commit: threads.commit.bind(threads),
      outcome: threads.outcome.bind(threads),
    });
    expect(await lane.run(aCommand(id, aReply()))).toEqual({ done: 1 });
    lane.deps.threads = threads;
    const entries = await lane.entries(id);
    expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index + 1));
  });
});

describe('timers on a lane', () => {
  async function snoozed(lane: TestLane) {
    const id = aThreadId();
    await lane.run(aCommand(id, aStart()), aCommand(id, { type: 'snooze', until: MONDAY + MINUTE }));
    const fire = { ...messageOf(aCommand(id, { type: 'fire-timers', generation: 1 }, { id: `fire_${id}_1` })) };
    return { id, fire };
  }

  it('near ones are armed by the commit', async () => {
    const lane = new TestLane();
    const { id } = await snoozed(lane);
    expect(lane.performed.at(-1)?.timers).toEqual([
      { timer: { thread: id, dueAt: MONDAY + MINUTE, generation: 1 }, delayMs: MINUTE },
    ]);
  });

  it('that come early wait again, and are not decided', async () => {
    const lane = new TestLane();
    const { id, fire } = await snoozed(lane);
    expect(await lane.runMessages([fire])).toEqual({ done: 1 });
    expect(lane.waiting).toEqual([{ timer: { thread: id, dueAt: MONDAY + MINUTE, generation: 1 }, delayMs: MINUTE }]);
    expect(await lane.deps.threads.outcome(id, `fire_${id}_1`)).toBeUndefined();
  });

  it('fire once, and perform their effects again when they come again', async () => {
    const lane = new TestLane();
    const id = aThreadId();
    await lane.run(aCommand(id, aStart()), aCommand(id, { type: 'set-status', status: 'solved' }));
    const head = await lane.deps.threads.load(id);
    await lane.clock.advanceTo(head?.closeAt ?? 0, async () => {});
    const fire = messageOf(aCommand(id, { type: 'fire-timers', generation: 1 }, { id: `fire_${id}_1` }));
    lane.performed.length = 0;
    for (const _ of [1, 2]) expect(await lane.runMessages([fire])).toEqual({ done: 1 });
    expect(lane.performed).toHaveLength(2);
    expect(lane.performed[1]).toEqual(lane.performed[0]);
    expect(lane.performed[0]?.events).toMatchObject([
      { type: 'meanwhile.thread.changed', data: { status: 'closed', changed: ['status'] } },
    ]);
    expect((await lane.entries(id)).filter(({ cause }) => cause.rule === 'auto-close')).toHaveLength(1);
  });
});

describe('attachments of a message that moves on', () => {
  it('are copied to the other thread before its command is sent', async () => {
    const lane = new TestLane();
    const id = aThreadId();
    await lane.run(aCommand(id, aStart()), aCommand(id, { type: 'set-status', status: 'solved' }));
    await lane.clock.advanceTo(MONDAY + 999 * HOUR, async () => {});
    await lane.run(aCommand(id, { type: 'fire-timers', generation: 1 }, { id: `fire_${id}_1` }));
    const file = { type: 'file', attachmentId: 'att_1', name: 'a', mediaType: 'text/plain', bytes: 1 } as const;
    await lane.blobs.put(`threads/${id}/att_1`, Buffer.from('a'));
    await lane.run(aCommand(id, aCustomerMessage({ content: contentOf({ text: 'x', html: null }, [file]) })));
    const [moved] = lane.performed.at(-1)?.commands ?? [];
    expect(lane.blobs.all.has(`threads/${moved?.lane}/att_1`)).toBe(true);
  });
});

/** A timer that comes again fires once, and performs what it has fired before anything else. */
import { describe, expect, it } from 'vitest';
import { TransientFailure } from '../../../core/failures.ts';
import type { Policies } from '../../../core/ports.ts';
import { aCommand, aCustomerMessage, aStart, aThreadId, DAY, MONDAY } from '../../builders.ts';
import { instead } from '../../support/instead.ts';
import { messageOf, TestLane } from '../../support/lane.ts';

describe('a timer', () => {
  it('whose effects were not performed has them performed before anything else of its lane is written', async () => {
    const lane = new TestLane();
    const id = aThreadId();
    await lane.run(aCommand(id, aStart()), aCommand(id, { type: 'set-status', status: 'solved' }));
    await lane.clock.advanceTo(MONDAY + 30 * DAY, async () => {});
    const fire = aCommand(id, { type: 'fire-timers', generation: 1 }, { id: `fire_${id.slice(4)}_1` });
    const next = aCommand(id, aCustomerMessage());
    lane.performed.length = 0;
    const { effects } = lane.deps;
    const busy = async () => {
      throw new TransientFailure('busy');
    };
    lane.deps.effects = { perform: busy };
    await lane.run(fire); // fired, and could not say so
    await lane.run(fire, next); // comes again with the next message
    lane.deps.effects = effects;
    await lane.run(fire, next);
    const events = lane.performed.flatMap((one) => one.events.map(({ data }) => data.status));
    expect(events).toContain('closed');
  });

  it('that cannot be read or decided is dropped, and fires when it comes again', async () => {
    const lane = new TestLane();
    const { policies } = lane.deps;
    const id = aThreadId();
    await lane.run(aCommand(id, aStart()), aCommand(id, { type: 'set-status', status: 'solved' }));
    await lane.clock.advanceTo(MONDAY + 30 * DAY, async () => {});
    const fire = messageOf(aCommand(id, { type: 'fire-timers', generation: 1 }, { id: `fire_${id.slice(4)}_1` }));
    const before = (await lane.entries(id)).length;
    await lane.runMessages([{ ...fire, id: `${fire.id}~1`, body: { ...(fire.body as object), author: 'x' } }]);
    lane.deps.policies = instead<Policies>(policies, { version: async () => Promise.reject(new Error('a defect')) });
    await lane.runMessages([fire]);
    expect(await lane.entries(id)).toHaveLength(before);
    lane.deps.policies = policies;
    await lane.runMessages([fire]);
    expect((await lane.deps.threads.load(id))?.status).toBe('closed');
  });
});

/** A timer that comes again fires once, and performs what it has fired before anything else. */
import { describe, expect, it } from 'vitest';
import { TransientFailure } from '../../../core/failures.ts';
import type { Policies } from '../../../core/ports.ts';
import { aCommand, aCustomerMessage, aPolicy, aStart, aThreadId, DAY, HOUR, MINUTE, MONDAY } from '../../builders.ts';
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

  it('that comes again is performed after what was decided with it, by the policy under which it was', async () => {
    const sla = [
      {
        id: 'all',
        metrics: { 'first-reply': { within: '1h', calendar: 'always', breach: { notify: ['team' as const] } } },
      },
    ];
    const measured = aPolicy({ sla });
    const lane = new TestLane();
    const { policies, effects } = lane.deps;
    lane.deps.policies = instead<Policies>(policies, { version: async () => measured });
    const id = aThreadId();
    await lane.run(aCommand(id, aStart()));
    await lane.clock.advanceTo(MONDAY + 2 * HOUR, async () => {});
    const fire = aCommand(id, { type: 'fire-timers', generation: 1 }, { id: `fire_${id.slice(4)}_1` });
    const batch = [aCommand(id, aCustomerMessage(), { acceptedAt: MONDAY + 30 * MINUTE }), fire];
    lane.performed.length = 0;
    lane.deps.effects = { perform: () => Promise.reject(new TransientFailure('busy')) };
    await lane.run(...batch); // decided, and could not say so
    lane.deps.effects = effects;
    const other = aPolicy({
      teams: { ...measured.source.teams, support: { ...measured.source.teams['support'], name: 'Other' } } as never,
    });
    const known = async (_business: string, hash: string) => (hash === measured.hash ? measured : other);
    lane.deps.policies = instead<Policies>(policies, { version: known });
    await lane.run(...batch.map((command) => ({ ...command, policy: other.hash })));
    const mails = lane.performed.flatMap((one) => one.mails).map(({ kind, to }) => `${kind} to ${to.name}`);
    expect(mails.slice(0, 2)).toEqual(['notice to Support', 'alert to Support']);
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

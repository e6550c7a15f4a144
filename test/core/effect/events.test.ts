import { describe, expect, it } from 'vitest';
import { type CloudEvent, EVENT_DATA, type EventName, envelopeSchema } from '../../../core/effect/cloud-event.ts';
import { aCommand, aCustomerMessage, aReply, aStart, aText, aThreadId, MINUTE, MONDAY } from '../../builders.ts';
import { TestLane } from '../../support/lane.ts';

const SECRET = 'what nobody else may read';
const content = aText(SECRET);

const namesOf = (events: CloudEvent[]) => events.map(({ type }) => type.slice('meanwhile.'.length));

/** Lives through everything that is told, and gives the events. */
async function everything(): Promise<CloudEvent[]> {
  const lane = new TestLane();
  const [older, newer] = [aThreadId('c1', MONDAY), aThreadId('c1', MONDAY + MINUTE)];
  await lane.run(aCommand(older, aStart({ content, subject: SECRET })));
  await lane.run(aCommand(newer, aStart({ content })), aCommand(newer, aCustomerMessage({ content })));
  await lane.run(aCommand(newer, aReply({ content, status: 'solved' })));
  await lane.run(aCommand(newer, { type: 'rate', score: 2, comment: SECRET }));
  await lane.run(aCommand(newer, { type: 'assign', team: 'billing', assignee: 'ben', takeOver: false }));
  const send = lane.performed.flatMap(({ mails }) => mails)[0]?.sendId ?? '';
  await lane.run(aCommand(newer, { type: 'record-delivery', send, state: 'bounced', detail: 'Permanent' }));
  await lane.runMessages([{ lane: newer, id: 'm1', body: { text: SECRET } }]);
  await lane.run(aCommand(newer, { type: 'merge', into: older }));
  await lane.carry();
  return lane.performed.flatMap(({ events }) => events);
}

describe('public events', () => {
  it('tell of everything there is to tell, each as its schema says', async () => {
    const events = await everything();
    expect([...new Set(namesOf(events))].sort()).toEqual(Object.keys(EVENT_DATA).sort());
    for (const event of events) {
      const name = event.type.slice('meanwhile.'.length) as EventName;
      expect(envelopeSchema(name).parse(event)).toEqual(event);
    }
  });

  it('have ids of their own', async () => {
    const ids = (await everything()).map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('never say what somebody wrote', async () => {
    expect(JSON.stringify(await everything())).not.toContain(SECRET);
  });

  it('are one a decision, which tells what else changed', async () => {
    const lane = new TestLane();
    const thread = aThreadId();
    await lane.run(aCommand(thread, aStart()));
    await lane.run(aCommand(thread, { type: 'assign', team: 'billing', assignee: 'ben', takeOver: false }));
    await lane.run(aCommand(thread, aReply({ status: 'solved' })));
    const events = lane.performed.map((performance) => performance.events);
    expect(events.map(namesOf)).toEqual([['thread.started'], ['thread.changed'], ['message.sent']]);
    expect(events.flat().map(({ data }) => data)).toMatchObject([
      { status: 'new', statusBefore: null, changed: [] },
      { status: 'new', statusBefore: 'new', changed: ['team', 'assignee'], team: 'billing', assignee: 'ben' },
      { status: 'solved', statusBefore: 'new', changed: ['status'] },
    ]);
  });

  it('are the same when they are told again', async () => {
    const lane = new TestLane();
    const thread = aThreadId();
    const batch = [aCommand(thread, aStart()), aCommand(thread, aReply({ status: 'solved' }))];
    await lane.run(...batch);
    const [first] = lane.performed.splice(0);
    await lane.run(...batch);
    expect(lane.performed.flatMap(({ events }) => events)).toEqual(first?.events);
  });
});

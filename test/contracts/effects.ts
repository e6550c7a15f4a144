/** What every implementation of effects and of events does. */
import { describe, expect, it } from 'vitest';
import type { MailJob } from '../../core/delivery/send.ts';
import type { CloudEvent } from '../../core/effect/cloud-event.ts';
import type { OutgoingMail } from '../../core/email/mail.ts';
import type { Effects, Events, LaneMessage, Performance } from '../../core/ports.ts';
import { aCustomer, aThreadId, defaultPolicy, MONDAY } from '../builders.ts';
import { eventually } from '../support/eventually.ts';

export interface EffectsHarness {
  effects: Effects;
  /** What has arrived at the other ends. */
  mails(): Promise<MailJob[]>;
  commands(): Promise<LaneMessage[]>;
  events(): Promise<CloudEvent[]>;
}

export function aMailJob(thread: string, sendId: string): MailJob {
  return {
    sendId,
    business: 'acme',
    thread,
    kind: 'reply',
    seq: 1,
    logSeq: 1,
    policy: defaultPolicy.hash,
    recipient: 'customer',
    to: { name: 'Cleo', address: 'c1@example.com' },
    facts: {
      ...{ customer: aCustomer(), subject: 'Ümläut', topic: null },
      ...{ urgency: null, team: null, assignee: null, expectedReplyAt: null, advice: null },
    },
  };
}

export function aMail(sendId: string): OutgoingMail {
  return {
    from: { name: 'Acme', address: 'support@acme.example' },
    to: { name: 'Cleo', address: 'c1@example.com' },
    subject: 'Re: Ümläut',
    text: 'Hello 😀',
    html: '<p>Hello 😀</p>',
    headers: { 'Message-ID': `<${sendId}@acme.example>`, 'Auto-Submitted': 'auto-replied' },
    attachments: [],
  };
}

export function anEvent(id: string): CloudEvent {
  return {
    specversion: '1.0',
    id,
    source: '/businesses/acme',
    type: 'meanwhile.thread.started',
    subject: 'thr_1',
    time: new Date(MONDAY).toISOString(),
    datacontenttype: 'application/json',
    data: {
      ...{ thread: 'thr_1', seq: 1, author: 'customer', customer: 'c1', team: 'billing', assignee: null },
      ...{ status: 'new', statusBefore: null, priority: 'normal', changed: [] },
    },
  };
}

export function effectsContract(name: string, make: () => Promise<EffectsHarness>): void {
  describe(`${name} as effects`, () => {
    it('hands mails, commands and events over, mails of a thread in order', async () => {
      const harness = await make();
      const thread = aThreadId();
      const jobs = [1, 2, 3].map((n) => aMailJob(thread, `snd_${thread}_${n}`));
      const command = { lane: aThreadId(), id: `cmd_${thread}`, body: { a: 1 } };
      const event = anEvent(`evt_${thread}`);
      await harness.effects.perform({ mails: jobs, commands: [command], events: [event], timers: [] });
      await eventually(async () => expect(await harness.mails()).toEqual(jobs));
      await eventually(async () => expect(await harness.commands()).toEqual([command]));
      await eventually(async () => expect(await harness.events()).toEqual([event]));
    });

    it('hands over again what was handed over before: whoever takes it tells by the ids', async () => {
      const harness = await make();
      const thread = aThreadId();
      const job = aMailJob(thread, `snd_${thread}_1`);
      const command = { lane: aThreadId(), id: `cmd_${thread}`, body: { a: 1 } };
      const performance = { mails: [job], commands: [command], events: [anEvent(`evt_${thread}`)], timers: [] };
      await harness.effects.perform(performance);
      await harness.effects.perform(performance);
      await eventually(async () => expect(await harness.mails()).toContainEqual(job));
      expect(new Set((await harness.mails()).map(({ sendId }) => sendId)).size).toBe(1);
      expect(new Set((await harness.commands()).map(({ id }) => id)).size).toBe(1);
    });

    it('does nothing where there is nothing to do', async () => {
      const harness = await make();
      const nothing: Performance = { mails: [], commands: [], events: [], timers: [] };
      await expect(harness.effects.perform(nothing)).resolves.toBeUndefined();
    });
  });
}

export function eventsContract(
  name: string,
  make: () => Promise<{ events: Events; published(): Promise<CloudEvent[]> }>,
): void {
  describe(`${name} as events`, () => {
    it('publishes every event whole', async () => {
      const { events, published } = await make();
      const all = Array.from({ length: 25 }, (_, n) => anEvent(`evt_${n}_${Date.now()}`));
      await events.publish(all);
      await eventually(async () => expect(await published()).toEqual(expect.arrayContaining(all)));
    });
  });
}

import { describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.ts';
import { Subscriber, sesTells } from './bus.ts';
import { aCustomer, addressOf, anAgent } from './caller.ts';
import type { RecordedMail } from './mail-recorder.ts';
import { mailsTo, troubleFor } from './mails.ts';

describe('what SES tells, and what others hear', () => {
  /** A thread of a customer with an agent's answer. @returns its id, and the mail with the answer */
  async function anAnswered(customerId: string): Promise<{ id: string; mail: RecordedMail }> {
    const customer = await aCustomer(customerId);
    const { threadId: id } = (await customer.decided('/v1/threads', { text: 'Hello' })).body;
    await anAgent('ana').decided(`/v1/agent/threads/${id}/replies`, { text: 'An answer' });
    await eventually(async () => expect(await repliesTo(customerId)).toHaveLength(1), 200);
    const [mail] = await repliesTo(customerId);
    return { id, mail: mail ?? expect.fail() };
  }
  const repliesTo = async (customerId: string) =>
    (await mailsTo(addressOf(customerId))).filter(({ tags }) => tags['kind'] === 'reply');
  const deliveriesOf = async (id: string) =>
    (await anAgent('ana').entries(`/v1/agent/threads/${id}`)).filter(({ type }) => type === 'delivery');

  it('a bounce, a complaint and a rejection stand in the thread, each once', async () => {
    const { id, mail } = await anAnswered('bounce');
    for (const kind of ['Email Bounced', 'Email Bounced', 'Email Complaint Received', 'Email Rejected'] as const) {
      await sesTells(kind, mail);
    }
    await eventually(async () => expect(await deliveriesOf(id)).toHaveLength(3), 200);
    const states = (await deliveriesOf(id)).map(({ state, detail, send }) => [state, detail, send]);
    expect(states.sort()).toEqual([
      ['bounced', 'Permanent General', mail.tags['send']],
      ['complained', 'abuse', mail.tags['send']],
      ['rejected', 'Bad content', mail.tags['send']],
    ]);
  });

  it('how far an answer is agents see beside it, and what is told late takes nothing back', async () => {
    const { id, mail } = await anAnswered('delivered');
    const statesOf = async () =>
      (await anAgent('ana').entries(`/v1/agent/threads/${id}`)).flatMap(({ sending = [] }) =>
        (sending as { mail: string; to: string; state: string }[]).map((one) => [one.mail, one.to, one.state]),
      );
    await eventually(async () => expect(await statesOf()).toContainEqual(['reply', 'customer', 'sent']), 200);
    await sesTells('Email Delivery Delayed', mail);
    await eventually(async () => expect(await statesOf()).toContainEqual(['reply', 'customer', 'delayed']), 200);
    await sesTells('Email Delivered', mail);
    await eventually(async () => expect(await statesOf()).toContainEqual(['reply', 'customer', 'delivered']), 200);
    await sesTells('Email Delivery Delayed', mail);
    await sesTells('Email Complaint Received', mail);
    await eventually(async () => expect(await statesOf()).toContainEqual(['reply', 'customer', 'complained']), 200);
  });

  it('what is told of another configuration set’s mails is none of ours', async () => {
    const { id, mail } = await anAnswered('foreign-set');
    await sesTells('Email Bounced', { ...mail, configurationSet: 'of-another-stack' });
    await sesTells('Email Complaint Received', mail);
    await eventually(async () => expect(await deliveriesOf(id)).not.toEqual([]), 200);
    expect((await deliveriesOf(id)).map(({ state }) => state)).toEqual(['complained']);
  });

  it('a mail that SES throttles goes out a little later, once', async () => {
    await troubleFor(addressOf('throttled'), 'throttled');
    const customer = await aCustomer('throttled');
    await customer.decided('/v1/threads', { text: 'Hello' });
    await eventually(async () => expect(await mailsTo(addressOf('throttled'))).toHaveLength(1), 200);
    expect((await mailsTo(addressOf('throttled')))[0]?.tags).toMatchObject({ kind: 'acknowledgement', attempt: '2' });
  });

  it('a mail that SES refuses stands in its thread, and is not tried again', async () => {
    await troubleFor(addressOf('refused'), 'rejected');
    const { threadId } = (await (await aCustomer('refused')).decided('/v1/threads', { text: 'Hello' })).body;
    await eventually(async () => expect(await deliveriesOf(threadId)).toHaveLength(1), 200);
    expect(await deliveriesOf(threadId)).toMatchObject([{ state: 'rejected', author: { kind: 'system' } }]);
    expect(await mailsTo(addressOf('refused'))).toEqual([]);
  });

  it('other systems hear what happens by the bus, as CloudEvents without a word of what was written', async () => {
    const subscriber = await Subscriber.of(inject('deployment').outputs['EventBus'] ?? '', 'subscriber');
    const { id } = await anAnswered('heard');
    const heard = async () => (await subscriber.seen()).filter(({ subject }) => subject === id);
    await eventually(async () => {
      const types = (await heard()).map(({ type }) => type).sort();
      expect(types).toEqual(['meanwhile.message.sent', 'meanwhile.thread.started']);
    }, 200);
    expect(await heard()).toContainEqual(
      expect.objectContaining({ specversion: '1.0', source: '/businesses/acme', data: expect.anything() }),
    );
    expect(JSON.stringify(await heard())).not.toMatch(/Hello|An answer|customers\.example/);
  });
});

/** A day of sending by SMTP, in virtual time, with a real server at the other end. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ManualClock } from '../../adapters/embedded/clocks.ts';
import { DAY, defaultPolicy, HOUR, MINUTE, MONDAY } from '../builders.ts';
import { TestProduct } from '../support/product.ts';
import { SmtpSink } from '../support/smtp-sink.ts';

const CUSTOMER = 'c1@example.com';
const LEAD = 'ana@acme.example';

let sink: SmtpSink;
let product: TestProduct;
let data: string;
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'meanwhile-smtp-'));
  sink = await SmtpSink.open();
  product = new TestProduct({ data, smtp: sink.url });
});
afterEach(async () => {
  await product.stop();
  await sink.close();
  rmSync(data, { recursive: true, force: true });
});

/** A thread with an answer by Ben, who owns it; the customer's server is as `answer` says from the answer on. */
async function anAnswered(texts: string[], answer?: number, customer = 'c1') {
  const id = await product.thread(customer);
  await product.idle();
  if (answer !== undefined) sink.putOff.set(CUSTOMER, answer);
  for (const text of texts) await product.post(`/v1/agent/threads/${id}/replies`, await product.agent('ben'), { text });
  await product.idle();
  return id;
}

/** What came to an address, each by the first of the words that it says. */
async function came(to: string, ...words: string[]): Promise<(string | undefined)[]> {
  const mails = (await sink.parsed()).filter((mail) => mail.to.includes(to));
  return mails.map(({ subject, text }) => words.find((word) => `${subject}\n${text}`.includes(word)));
}

/** How far the mails of an agent's answers are, as agents see it. */
async function sendings(id: string) {
  const { entries } = await product.whole(id);
  return entries.flatMap(({ type, author, sending }) => (type === 'message' && author.kind === 'agent' ? sending : []));
}

describe('a mail that its server puts off', () => {
  it('for 23 hours goes out then, once', async () => {
    const id = await anAnswered(['first'], 451);
    await product.advance(HOUR);
    expect(await sendings(id)).toMatchObject([{ mail: 'reply', to: 'customer', state: 'deferred' }]);
    await product.advance(22 * HOUR);
    expect(await came(CUSTOMER, 'first')).toEqual([undefined]);
    sink.putOff.clear();
    await product.advance(HOUR);
    expect(await came(CUSTOMER, 'first')).toEqual([undefined, 'first']);
    expect(await sendings(id)).toMatchObject([{ state: 'sent' }]);
    // Ever more seldom, up to every half hour: nobody's server is besieged.
    expect(sink.putOffTimes).toBeLessThan(70);
    await product.advance(2 * DAY);
    expect(await came(CUSTOMER, 'first')).toHaveLength(2);
  });

  it('for more than a day is given up: its agent and the lead of the team are told, once', async () => {
    const id = await anAnswered(['first'], 451);
    await product.post(`/v1/agent/threads/${id}/assignment`, await product.agent(), { assignee: 'ben' });
    await product.advance(25 * HOUR);
    const putOffTimes = sink.putOffTimes;
    expect(await sendings(id)).toMatchObject([{ state: 'failed' }]);
    await product.advance(2 * DAY);
    expect(sink.putOffTimes).toBe(putOffTimes);
    expect(await came(LEAD, 'Reply may not have arrived')).toEqual(['Reply may not have arrived']);
    expect((await came('ben@acme.example', 'Reply may not have arrived')).filter(Boolean)).toHaveLength(1);
    expect(await came(CUSTOMER, 'first', 'Reply may not have arrived')).toEqual([undefined]);
  });

  it('because nobody listens waits as well', async () => {
    const { url } = sink;
    const id = await product.thread();
    await product.idle();
    const before = await came(CUSTOMER, 'first');
    await sink.close();
    await product.post(`/v1/agent/threads/${id}/replies`, await product.agent('ben'), { text: 'first' });
    await product.idle();
    expect(before).toEqual([undefined]);
    expect(await sendings(id)).toMatchObject([{ state: 'deferred' }]);
    sink = await SmtpSink.open({ port: Number(new URL(url).port) });
    await product.advance(HOUR);
    expect(await came(CUSTOMER, 'first')).toEqual(['first']);
  });

  it('holds up the next of its thread to the same recipient, and nobody else', async () => {
    const id = await anAnswered(['first', 'second'], 450);
    await product.post(`/v1/threads/${id}/messages`, await product.customer(), { text: 'still there?' });
    await anAnswered(['third'], 450, 'c2');
    expect(await came('c2@example.com', 'third')).toEqual([undefined, 'third']);
    const told = [
      ...(await came('ben@acme.example', 'still there?')),
      ...(await came('support@acme.example', 'still there?')),
    ];
    expect(told).toContain('still there?');
    expect((await sendings(id)).map(({ state }) => state)).toEqual(['deferred', 'queued']);
    await product.advance(3 * HOUR);
    sink.putOff.clear();
    await product.advance(HOUR);
    expect(await came(CUSTOMER, 'first', 'second')).toEqual([undefined, 'first', 'second']);
  });

  it('is tried on by the next process, from the time when it was first tried', async () => {
    const id = await anAnswered(['first'], 451);
    for (let restarts = 0; restarts < 3; restarts += 1) {
      await product.advance(7 * HOUR);
      await product.stop();
      product = new TestProduct({ data, smtp: sink.url, clock: new ManualClock(product.clock.now()) });
      await product.idle();
      expect(await sendings(id)).toMatchObject([{ state: 'deferred' }]);
    }
    sink.putOff.clear();
    await product.advance(HOUR);
    expect(await came(CUSTOMER, 'first')).toEqual([undefined, 'first']);
  });
});

describe('a mail whose connection breaks after it was given', () => {
  it('goes out again, three times at most, and its agent learns that nobody knows', async () => {
    const id = await product.thread();
    await product.idle();
    sink.breaksOff = 100;
    await product.post(`/v1/agent/threads/${id}/replies`, await product.agent('ben'), { text: 'first' });
    await product.idle();
    expect(await sendings(id)).toMatchObject([{ state: 'deferred' }]);
    await product.advance(MINUTE);
    expect(await came(CUSTOMER, 'first')).toEqual([undefined, 'first']);
    await product.advance(DAY);
    expect(await came(CUSTOMER, 'first')).toEqual([undefined, 'first', 'first', 'first']);
    expect(await sendings(id)).toMatchObject([{ state: 'unsure' }]);
    const { entries } = await product.whole(id);
    const told = entries.filter(({ type, send }) => type === 'delivery' && send.endsWith('_reply'));
    expect(told).toMatchObject([{ state: 'unsure' }]);
  });

  it('once goes out once more', async () => {
    const id = await product.thread();
    await product.idle();
    sink.breaksOff = 1;
    await product.post(`/v1/agent/threads/${id}/replies`, await product.agent('ben'), { text: 'first' });
    await product.advance(DAY);
    expect(await came(CUSTOMER, 'first')).toEqual([undefined, 'first', 'first']);
    expect(await sendings(id)).toMatchObject([{ state: 'sent' }]);
  });
});

describe('a mail about a mail that failed', () => {
  it('that fails itself makes no other: it stands in the thread', async () => {
    for (const address of [LEAD, 'ben@acme.example', 'support@acme.example']) sink.unknown.add(address);
    const id = await product.thread();
    await product.idle();
    sink.unknown.add(CUSTOMER);
    await product.post(`/v1/agent/threads/${id}/replies`, await product.agent('ben'), { text: 'first' });
    await product.advance(DAY);
    const { entries } = await product.whole(id);
    // Of the reply its owner and the lead are told, of the notice the lead: of those three alerts nobody.
    const failed = entries.filter(({ type }) => type === 'delivery').map(({ send }) => send.split('_').at(-1));
    expect(failed.sort()).toEqual(['alert', 'alert', 'alert', 'notice', 'reply']);
    expect(product.log.filter(({ event }) => event === 'mail.rejected')).toHaveLength(5);
    expect(defaultPolicy.agent('ben')?.rights.has('redrive'), 'only a lead is told beside the owner').toBe(false);
    expect(MONDAY).toBeLessThan(product.clock.now());
  });
});

import { afterEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../../adapters/embedded/clocks.ts';
import { SmtpMailOut } from '../../../adapters/embedded/smtp-out.ts';
import { aMail } from '../../contracts/effects.ts';
import { aDatabase } from '../../support/database.ts';
import { SmtpSink } from '../../support/smtp-sink.ts';

const send = { id: 'snd_acme_1_1_reply', attempt: 1 };
const mail = aMail(send.id);
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function setUp() {
  const sink = await SmtpSink.open();
  const mailOut = new SmtpMailOut(sink.url, aDatabase(), new SystemClock(), (key) => key);
  open.push(sink, mailOut);
  return { sink, mailOut };
}

describe('a mail server', () => {
  it.each([
    [
      'refuses the recipient for good',
      { at: 'rcpt', code: 550 },
      { result: 'refused', detail: expect.stringContaining('550') },
    ],
    [
      'refuses the mail for good',
      { at: 'data', code: 554 },
      { result: 'refused', detail: expect.stringContaining('554') },
    ],
    ['is too busy', { at: 'rcpt', code: 421 }, { result: 'deferred', isThrottled: true }],
    ['puts strangers off', { at: 'rcpt', code: 451 }, { result: 'deferred', isThrottled: false }],
    ['finds the mailbox full', { at: 'rcpt', code: 452 }, { result: 'deferred', isThrottled: false }],
    ['puts the mail off', { at: 'data', code: 454 }, { result: 'deferred', isThrottled: false }],
  ] as const)('that %s is understood', async (_, refusal, expected) => {
    const { sink, mailOut } = await setUp();
    sink.refusals.push(refusal);
    expect(await mailOut.send(send, mail)).toMatchObject(expected);
    expect(await mailOut.send(send, mail)).toMatchObject({ result: 'sent' });
    expect(sink.raw).toHaveLength(1);
  });

  it('that refuses one who gets a copy has taken the mail all the same, and nobody gets it twice', async () => {
    const { sink, mailOut } = await setUp();
    const cc = [{ name: 'Dan', address: 'dan@example.com' }];
    sink.unknown.add('dan@example.com');
    expect(await mailOut.send(send, { ...mail, cc })).toMatchObject({ result: 'sent' });
    expect(sink.recipients).toEqual([['c1@example.com']]);
    sink.unknown.clear();
    expect(await mailOut.send(send, { ...mail, cc })).toMatchObject({ result: 'sent' });
    expect(sink.recipients.slice(1)).toEqual([['c1@example.com'], ['dan@example.com']]);
    for (const raw of sink.raw) expect(raw.toString()).toMatch(/^Cc: "?Dan"? <dan@example.com>\r$/m);
  });

  it('that refuses the customer gives nobody a copy', async () => {
    const { sink, mailOut } = await setUp();
    sink.unknown.add('c1@example.com');
    const cc = [{ name: 'Dan', address: 'dan@example.com' }];
    expect(await mailOut.send(send, { ...mail, cc })).toMatchObject({ result: 'refused' });
    expect(sink.raw).toEqual([]);
  });

  it('that is not there puts the mail off: nothing can have been sent', async () => {
    const { sink, mailOut } = await setUp();
    await sink.close();
    open.shift();
    expect(await mailOut.send(send, mail)).toMatchObject({ result: 'deferred', isThrottled: false });
  });

  it('is told the ids by which programs thread, and that a machine wrote', async () => {
    const { sink, mailOut } = await setUp();
    await mailOut.send(send, { ...mail, headers: { ...mail.headers, References: '<root@acme.example>' } });
    const [arrived] = await sink.parsed();
    expect(arrived?.headers).toMatchObject({
      'message-id': `<${send.id}@acme.example>`,
      references: '<root@acme.example>',
      'auto-submitted': 'auto-replied',
    });
  });
});

import { type AddressInfo, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { SystemClock } from '../../../adapters/embedded/clocks.ts';
import { SmtpMailOut, type SmtpOptions } from '../../../adapters/embedded/smtp-out.ts';
import { aMail } from '../../contracts/effects.ts';
import { aCertificate } from '../../support/certificate.ts';
import { aDatabase } from '../../support/database.ts';
import { SmtpSink } from '../../support/smtp-sink.ts';

const send = { id: 'snd_acme_1_1_reply', attempt: 1 };
const mail = aMail(send.id);
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function setUp(
  settings: Parameters<typeof SmtpSink.open>[0] = {},
  options: Partial<SmtpOptions> & { login?: string } = {},
) {
  const sink = await SmtpSink.open(settings);
  const { login, ...tls } = options;
  const url = login === undefined ? sink.url : sink.url.replace('//', `//${login}@`);
  const mailOut = new SmtpMailOut({ url, ...tls }, aDatabase(), new SystemClock(), (key) => key);
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

describe('a broken connection', () => {
  it('after the whole mail was given leaves it unsure: it may have been taken', async () => {
    const { sink, mailOut } = await setUp();
    sink.breaksOff = 1;
    await expect(mailOut.send(send, mail)).rejects.toThrow('broke off');
    expect(sink.raw).toHaveLength(1);
    expect(await mailOut.send(send, mail)).toMatchObject({ result: 'sent' });
  });

  it.each(['EHLO', 'MAIL', 'RCPT', 'DATA', 'body'])('at %s puts it off: nothing can have been sent', async (at) => {
    const server = await brokenAt(at);
    const mailOut = new SmtpMailOut({ url: server.url }, aDatabase(), new SystemClock(), (key) => key);
    open.push(server, mailOut);
    const long = { ...mail, text: 'long '.repeat(2_000_000) };
    expect(await mailOut.send(send, long)).toMatchObject({ result: 'deferred', isThrottled: false });
  });
});

describe('TLS', () => {
  const tls = aCertificate();

  it('is begun where the server has it', async () => {
    const { sink, mailOut } = await setUp({ tls }, { ca: tls.cert });
    expect(await mailOut.send(send, mail)).toMatchObject({ result: 'sent' });
    expect(sink.sessions).toEqual([{ isSecure: true, user: undefined }]);
  });

  it('with a certificate that nobody known has signed puts the mail off until that is mended', async () => {
    const { sink, mailOut } = await setUp({ tls });
    expect(await mailOut.send(send, mail)).toEqual({
      ...{ result: 'deferred', isThrottled: false },
      detail: 'The certificate of the mail server is not one that is trusted (--smtp-ca).',
    });
    expect(sink.raw).toEqual([]);
  });

  it('is wanted where that was said, and no mail goes without', async () => {
    const { sink, mailOut } = await setUp({}, { requireTls: true });
    expect(await mailOut.send(send, mail)).toMatchObject({
      ...{ result: 'deferred', detail: expect.stringContaining('does not begin TLS') },
    });
    expect(sink.raw).toEqual([]);
  });
});

describe('a name and a password', () => {
  const tls = aCertificate();
  const user = { name: 'meanwhile', password: 'p@ss:word' };
  const login = `meanwhile:${encodeURIComponent(user.password)}`;

  it('are told by TLS', async () => {
    const { sink, mailOut } = await setUp({ tls, user }, { login, ca: tls.cert });
    expect(await mailOut.send(send, mail)).toMatchObject({ result: 'sent' });
    expect(sink.sessions).toEqual([{ isSecure: true, user: 'meanwhile' }]);
  });

  it.each(['meanwhile:wrong', undefined])(
    'that the server does not take (%s) put the mail off, and say why',
    async (login) => {
      const { sink, mailOut } = await setUp({ tls, user }, { ...(login === undefined ? {} : { login }), ca: tls.cert });
      expect(await mailOut.send(send, mail)).toMatchObject({
        result: 'deferred',
        detail: expect.stringMatching(/53[05]/),
      });
      expect(sink.raw).toEqual([]);
    },
  );

  it.each([
    ['are told nobody without TLS', '127.1', { result: 'deferred', detail: expect.stringContaining('TLS') }],
    ['may stay on this machine without', '127.0.0.1', { result: 'sent' }],
  ])('%s', async (_, host, expected) => {
    const sink = await SmtpSink.open({ user });
    const { port } = new URL(sink.url);
    const options = { url: `smtp://${login}@${host}:${port}` };
    const mailOut = new SmtpMailOut(options, aDatabase(), new SystemClock(), (key) => key);
    open.push(sink, mailOut);
    expect(await mailOut.send(send, mail)).toMatchObject(expected);
  });
});

/** A server that closes the connection at a command, or once some of the body has come. */
async function brokenAt(at: string): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.write('220 test\r\n');
    let isBody = false;
    socket.on('data', (chunk: Buffer) => {
      const verb = chunk.toString().split(/[ :\r]/)[0];
      if (isBody || verb === at) return void socket.destroy();
      isBody = verb === 'DATA';
      socket.write(isBody ? '354 go on\r\n' : '250 fine\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

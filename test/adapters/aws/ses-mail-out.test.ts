import { SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { addressParser, decodeWords } from 'postal-mime';
import { beforeEach, describe, expect, it } from 'vitest';
import { SesMailOut } from '../../../adapters/aws/ses-mail-out.ts';
import type { OutgoingMail } from '../../../core/email/mail.ts';
import { TransientFailure } from '../../../core/failures.ts';
import { sendIdOf } from '../../../core/ids.ts';
import { aThreadId } from '../../builders.ts';
import { aMail } from '../../contracts/effects.ts';
import { anAwsFailure, NOWHERE } from '../../support/aws-sdk.ts';
import { MapBlobs } from '../../support/lane.ts';

const ses = mockClient(SESv2Client);
const SEND = sendIdOf(aThreadId(), 3, 'reply');
let blobs: MapBlobs;
let mailOut: SesMailOut;

beforeEach(() => {
  ses.reset();
  ses.on(SendEmailCommand).resolves({ MessageId: 'ses-1' });
  blobs = new MapBlobs();
  mailOut = new SesMailOut(new SESv2Client(NOWHERE), 'set', blobs);
});

const send = (changes: Partial<OutgoingMail> = {}) =>
  mailOut.send({ id: SEND, attempt: 2 }, { ...aMail(SEND), ...changes });
/** What SES was asked to send last. */
const sent = () => ses.commandCalls(SendEmailCommand).at(-1)?.args[0].input;
const simple = () => sent()?.Content?.Simple;

describe('a mail by SES', () => {
  it('is sent as it was composed, by the configuration set whose events tell of it', async () => {
    expect(await send()).toEqual({ result: 'sent', providerId: 'ses-1' });
    const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });
    expect(sent()).toEqual({
      FromEmailAddress: '"Acme" <support@acme.example>',
      Destination: { ToAddresses: ['"Cleo" <c1@example.com>'] },
      ConfigurationSetName: 'set',
      EmailTags: [
        { Name: 'send', Value: SEND },
        { Name: 'attempt', Value: '2' },
        { Name: 'kind', Value: 'reply' },
        { Name: 'ses:feedback-id-a', Value: 'acme' },
        { Name: 'ses:feedback-id-b', Value: 'reply' },
      ],
      Content: {
        Simple: {
          Subject: utf8('Re: Ümläut'),
          Body: { Text: utf8('Hello 😀'), Html: utf8('<p>Hello 😀</p>') },
          Headers: [{ Name: 'Auto-Submitted', Value: 'auto-replied' }],
        },
      },
    });
  });

  it('goes to those who get a copy, too', async () => {
    await send({ cc: [{ name: 'Dan', address: 'dan@müller.example' }] });
    expect(sent()?.Destination?.CcAddresses).toEqual(['"Dan" <dan@xn--mller-kva.example>']);
  });

  it('goes to its customer though SES takes no mail to somebody whom they named', async () => {
    const strange = [
      'jörg@example.com',
      'root@localhost',
      'a..b@example.com',
      '.a@example.com',
      'a@b..example',
      'a@b.',
    ];
    const named = (addresses: string[]) => addresses.map((address) => ({ name: '', address }));
    await send({ cc: named([...strange, "o'neil+tag@sub.example.com"]) });
    expect(sent()?.Destination?.CcAddresses).toEqual(["o'neil+tag@sub.example.com"]);
    await send({ cc: named(strange) });
    expect(sent()?.Destination).toEqual({ ToAddresses: ['"Cleo" <c1@example.com>'] });
  });

  it('has tags of no other characters than SES takes', async () => {
    await send();
    for (const { Name = '', Value } of sent()?.EmailTags ?? []) {
      expect(`${Name.replace(/^ses:/, '')}${Value}`).toMatch(/^[A-Za-z0-9_-]{1,256}$/);
    }
  });

  it('leaves to SES the headers that SES makes, and says the others', async () => {
    const threading = { 'In-Reply-To': '<a@acme.example>', References: '<a@acme.example>' };
    const made = { 'Message-ID': '<m@acme.example>', from: 'x', TO: 'x', Subject: 'x', Date: 'x' };
    await send({ headers: { ...made, ...threading } });
    expect(simple()?.Headers).toEqual(Object.entries(threading).map(([Name, Value]) => ({ Name, Value })));
  });

  it('has headers and addresses in ASCII also where a domain is not: SES takes no other', async () => {
    await send({
      from: { name: '', address: 'support@bücher.example' },
      to: { name: '', address: 'cleo@müller.example' },
      headers: { References: '<thr_1@bücher.example>' },
    });
    expect(sent()?.FromEmailAddress).toBe('support@xn--bcher-kva.example');
    expect(sent()?.Destination?.ToAddresses).toEqual(['cleo@xn--mller-kva.example']);
    expect(simple()?.Headers).toEqual([{ Name: 'References', Value: '<thr_1@xn--bcher-kva.example>' }]);
  });

  it.each([
    ['Cleo', '"Cleo" <c1@example.com>'],
    ['', 'c1@example.com'],
    ['Cleo "the cat" \\ Smith', '"Cleo \\"the cat\\" \\\\ Smith" <c1@example.com>'],
    ['Zoë', '=?UTF-8?B?Wm/Dqw==?= <c1@example.com>'],
  ])('names the recipient in characters that a header may have: %s', async (name, text) => {
    await send({ to: { name, address: 'c1@example.com' } });
    expect(sent()?.Destination?.ToAddresses).toEqual([text]);
  });

  it('goes to one address, whatever somebody calls themselves', async () => {
    const evil = fc.constantFrom(
      'ü, <x@evil.example>',
      'x@evil.example, ü',
      'a\r\nBcc: x@evil.example',
      '=?UTF-8?Q?a?=',
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary', maxLength: 100 }), evil), async (name) => {
        await send({ to: { name, address: 'c1@example.com' } });
        const [text = '', ...more] = sent()?.Destination?.ToAddresses ?? [];
        expect(more).toEqual([]);
        expect(text).toMatch(/^[\x20-\x7e]*$/);
        const [phrase = ''] = /^.*(?= <)/.exec(text) ?? [];
        // RFC 5322 §3.4: a display name is a quoted string, or words of which none ends it.
        expect(phrase).toMatch(/^("([^"\\]|\\["\\])*"|(=\?UTF-8\?B\?[A-Za-z0-9+/=]+\?= ?)*)$/);
        expect(addressParser(text)).toMatchObject([{ address: 'c1@example.com' }]);
        if (phrase.startsWith('=?')) expect(decodeWords(phrase)).toBe(name.toWellFormed());
      }),
    );
  });
});

describe('files of a mail by SES', () => {
  const FILE = { name: 'Rechnung März.pdf', mediaType: 'application/pdf', key: 'threads/t/a' };

  it('go with it, encoded so that any byte arrives', async () => {
    await blobs.put(FILE.key, new Uint8Array([1, 255]));
    await send({ attachments: [FILE] });
    expect(simple()?.Attachments).toEqual([
      {
        ...{ FileName: FILE.name, ContentType: FILE.mediaType, RawContent: new Uint8Array([1, 255]) },
        ContentTransferEncoding: 'BASE64',
      },
    ]);
  });

  it('are of no particular type where SES has no place for the name of theirs', async () => {
    await blobs.put(FILE.key, new Uint8Array([1]));
    const typed = (mediaType: string) => send({ attachments: [{ ...FILE, mediaType }] });
    const longest = `application/${'x'.repeat(66)}`;
    await typed(longest);
    expect(simple()?.Attachments?.[0]?.ContentType).toBe(longest);
    await typed(`${longest}x`);
    expect(simple()?.Attachments?.[0]?.ContentType).toBe('application/octet-stream');
  });

  it('that are gone let it never be sent', async () => {
    expect(await send({ attachments: [FILE] })).toMatchObject({ result: 'refused' });
    expect(sent()).toBeUndefined();
  });

  it.each([
    [new TransientFailure('slow'), true],
    [new Error('S3 answered 403 to GET.'), false],
  ])('that cannot be had now let it be sent later: it was not begun (%s)', async (failure, isThrottled) => {
    blobs.get = async () => Promise.reject(failure);
    expect(await send({ attachments: [FILE] })).toMatchObject({ result: 'deferred', isThrottled });
    expect(sent()).toBeUndefined();
  });
});

describe('a failure of SES', () => {
  const failing = (failure: Error) => {
    ses.on(SendEmailCommand).rejects(failure);
    return send();
  };
  const message = 'c1@example.com is not welcome';

  it.each([
    ['MessageRejected', 400],
    ['BadRequestException', 400],
    ['ValidationException', 400],
    ['RequestEntityTooLarge', 413],
  ])('%s (%i) is for good', async (name, status) => {
    const result = await failing(anAwsFailure(name, { status, message }));
    expect(result).toEqual({ result: 'refused', detail: `SES refuses it: ${name}.` });
  });

  it.each([
    ['TooManyRequestsException', 429],
    ['ThrottlingException', 400],
    ['Throttling', 400],
    ['LimitExceededException', 400],
    ['SomethingNew', 429],
  ])('%s (%i) means: too fast, and is no try', async (name, status) => {
    const result = await failing(anAwsFailure(name, { status, message }));
    expect(result).toEqual({ result: 'deferred', detail: `Not now: ${name}.`, isThrottled: true });
  });

  it.each([
    ['AccessDeniedException', 403],
    ['AccountSuspendedException', 400],
    ['ExpiredTokenException', 403],
    ['InvalidSignatureException', 403],
    ['MailFromDomainNotVerifiedException', 400],
    ['NotFoundException', 404],
    ['SendingPausedException', 400],
    ['SomethingNew', 403],
    ['UnrecognizedClientException', 403],
  ])('%s (%i) means that nothing was begun, and what mends it is a person', async (name, status) => {
    const result = await failing(anAwsFailure(name, { status, message }));
    expect(result).toEqual({ result: 'deferred', detail: `Not now: ${name}.`, isThrottled: false });
  });

  it('because an address is not verified yet is mended by whoever verifies it', async () => {
    const unverified =
      'Email address is not verified. The following identities failed the check in region EU-CENTRAL-1: a@acme.example';
    const result = await failing(anAwsFailure('MessageRejected', { status: 400, message: unverified }));
    expect(result).toEqual({ result: 'deferred', detail: 'Not now: MessageRejected.', isThrottled: false });
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH'])(
    'to be reached (%s) is no mail sent',
    async (code) => {
      const result = await failing(anAwsFailure('Error', { code }));
      expect(result).toEqual({ result: 'deferred', detail: `Not now: ${code}.`, isThrottled: false });
    },
  );

  it.each([
    anAwsFailure('TimeoutError'),
    anAwsFailure('TimeoutError', { code: 'ECONNRESET' }),
    anAwsFailure('TimeoutError', { status: 200 }),
    anAwsFailure('InternalServiceErrorException', { status: 500 }),
    anAwsFailure('ServiceUnavailable', { status: 503 }),
    anAwsFailure('RequestTimeout', { status: 408 }),
    new TypeError('a defect'),
  ])('after which nobody knows whether the mail went out is thrown: %s', async (failure) => {
    await expect(failing(failure)).rejects.toBe(failure);
  });
});

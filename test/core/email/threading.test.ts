/**
 * A conversation of thirty mails, checked against RFC 5322 §3.6.4 and what the three programs that most people read
 * mail with say of how they group; docs/email-out.md names the sources.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEADER_CHARS_MAX, messageId, threadingHeaders } from '../../../core/email/threading.ts';
import { mintedAt } from '../../../core/ids.ts';
import { MAIL_IDS_MAX } from '../../../core/thread/thread.ts';
import { aThreadId, MONDAY } from '../../builders.ts';
import { groupsOf } from '../../support/threads-by-references.ts';

interface Mail {
  id: string;
  inReplyTo: string | undefined;
  references: string[];
  subject: string;
  threadIndex?: string | undefined;
}

const thread = aThreadId();
const MAILS = 30;

/** Customer and business take turns, and now and then one of them writes twice, or answers an older mail. */
function conversation(renames: boolean): Mail[] {
  const mails: Mail[] = [];
  const cameIn: string[] = [];
  for (let n = 0; n < MAILS; n += 1) {
    const isCustomers = n % 2 === 0 && n % 7 !== 6;
    const parent = n === 0 ? undefined : mails[n % 5 === 4 ? n - 2 : n - 1];
    if (isCustomers) {
      const id = `<${n}.CAF+x=${'y'.repeat(40)}@mail.example.com>`;
      const references = parent === undefined ? [] : [...parent.references, parent.id];
      mails.push({ id, inReplyTo: parent?.id, references, subject: n === 0 ? 'My order' : 'Re: My order' });
      cameIn.push(id.slice(1, -1));
      continue;
    }
    const headers = threadingHeaders(thread, 'acme.example', cameIn.slice(-MAIL_IDS_MAX));
    const own = `<snd_acme_x_${n}_reply@acme.example>`;
    mails.push({
      id: renames ? `<0100018f${n}-000000@eu-central-1.amazonses.com>` : own,
      inReplyTo: headers['In-Reply-To'],
      references: headers['References']?.split(' ') ?? [],
      subject: 'Re: My order',
      threadIndex: headers['Thread-Index'],
    });
  }
  return mails;
}

describe.each([
  ['whose ids are ours', false],
  ['to whose mails the provider gives ids of its own', true],
])('a conversation of thirty mails, %s', (_, renames) => {
  const mails = conversation(renames);
  const ours = mails.filter(({ threadIndex }) => threadIndex !== undefined);

  it('keeps to RFC 5322 §3.6.4: ids of one form, the answered mail last, nothing longer than a line', () => {
    expect(ours.length).toBeGreaterThan(10);
    for (const { inReplyTo, references } of ours) {
      for (const id of references) expect(id).toMatch(/^<[^\s<>@]+@[^\s<>@]+>$/);
      expect(new Set(references).size).toBe(references.length);
      expect(references.at(-1)).toBe(inReplyTo);
      expect(references.length).toBeLessThanOrEqual(1 + MAIL_IDS_MAX);
      expect(`References: ${references.join(' ')}`.length).toBeLessThanOrEqual(995);
    }
  });

  it('answers the mail that came last, and names those before it in their order', () => {
    mails.forEach(({ threadIndex, references }, place) => {
      if (threadIndex === undefined) return;
      const before = mails.slice(0, place).filter((mail) => mail.threadIndex === undefined);
      expect(references.slice(1)).toEqual(before.slice(-MAIL_IDS_MAX).map(({ id }) => id));
    });
  });

  it('is one in Gmail: one subject, and references that were seen before', () => {
    const plain = new Set(mails.map(({ subject }) => subject.replace(/^re:\s*/i, '')));
    expect(plain.size).toBe(1);
    mails.forEach(({ references }, place) => {
      if (place === 0) return;
      const seen = mails.slice(0, place).flatMap((mail) => [mail.id, ...mail.references]);
      expect(references.some((id) => seen.includes(id))).toBe(true);
    });
  });

  it('is one in Outlook: the same first 22 bytes of the conversation’s index', () => {
    const headers = new Set(ours.map(({ threadIndex = '' }) => threadIndex));
    expect(headers.size).toBe(1);
    const [index = ''] = headers;
    const bytes = Buffer.from(index, 'base64');
    expect(bytes).toHaveLength(22);
    expect(bytes[0]).toBe(1);
    const ticks = bytes.readUIntBE(0, 6) * 2 ** 16;
    expect(Math.abs(ticks / 10_000 - 11_644_473_600_000 - MONDAY)).toBeLessThan(10);
  });

  it('is one in Apple Mail, and wherever threads are made of references', () => {
    expect(groupsOf(mails)).toBe(1);
    expect(mails.slice(1).every(({ subject }) => subject.startsWith('Re: '))).toBe(true);
  });
});

describe('threading headers', () => {
  it('fit into what SES takes, in ASCII, whatever ids came in', () => {
    const anyId = fc.oneof(fc.string({ maxLength: 400 }), fc.string({ unit: 'binary', maxLength: 20 }));
    fc.assert(
      fc.property(fc.array(anyId, { maxLength: 20 }), (known) => {
        for (const value of Object.values(threadingHeaders(thread, 'acme.example', known))) {
          expect(value.length).toBeLessThanOrEqual(HEADER_CHARS_MAX);
          expect(value).toMatch(/^[\x21-\x7e]+( <[\x21-\x3b\x3d\x3f-\x7e]+>)*$/);
        }
      }),
    );
  });

  it('of another thread name another root and conversation', () => {
    const [one, other] = [thread, aThreadId()].map((id) => threadingHeaders(id, 'acme.example', []));
    for (const name of ['In-Reply-To', 'References', 'Thread-Index']) expect(one?.[name]).not.toBe(other?.[name]);
  });

  it('write a domain of other letters in ASCII', () => {
    expect(messageId('a', 'bücher.example')).toBe('<a@xn--bcher-kva.example>');
  });

  it('know when a thread began', () => expect(mintedAt(thread)).toBe(MONDAY));
});

/** What every mail has to be, whatever it says: valid, readable, nothing fetched, and the same parts once parsed. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HtmlValidate } from 'html-validate';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { rawMail } from '../../adapters/embedded/mime.ts';
import { contrastOf } from '../../core/email/colours.ts';
import type { OutgoingMail } from '../../core/email/mail.ts';
import { readMail } from '../../core/email/received/read-mail.ts';
import { directionOf, LANGUAGES } from '../../core/policy/languages.ts';
import { sampleMails } from '../../local/sample-mails.ts';
import { aPolicy, MONDAY } from '../builders.ts';

const policy = aPolicy({
  languages: [...LANGUAGES],
  brand: {
    ...{ name: 'Ümlaut & Söhne <GmbH>', accent: '#ffd500', sender: '{agent} ({business})' },
    signature: { en: 'Street 1\nBerlin', de: 'Straße 1\nBerlin', ar: 'شارع 1\nبرلين' },
  },
  letters: {
    history: 'full',
    reminder: { after: '2d' },
    rating: { after: '1h', url: 'https://acme.example/rate?thread={thread}&a=b' },
  },
});
const samples = LANGUAGES.flatMap((language) =>
  sampleMails(policy, language).map((sample) => ({ ...sample, language, of: `${sample.name} (${language})` })),
);

const validator = new HtmlValidate({
  extends: ['html-validate:standard', 'html-validate:a11y'],
  rules: {
    // A mail has its style where it is used: programs drop style sheets.
    'no-inline-style': 'off',
    // One heading that says what the mail is, or none where a person speaks; Word needs the deprecated attributes.
    'no-deprecated-attr': 'off',
    'long-title': 'off',
  },
});

/** RFC 3834 §5: an answer to a message, or of itself; what a person wrote says nothing. */
const AUTO_SUBMITTED: Record<string, string | undefined> = {
  acknowledgement: 'auto-replied',
  reply: undefined,
  ...Object.fromEntries(
    ['promise', 'reminder', 'rating', 'transcript', 'notice', 'alert', 'refusal'].map((kind) => [
      kind,
      'auto-generated',
    ]),
  ),
};

interface Parts {
  subject: string | undefined;
  text: string;
  html: string;
  from: unknown;
  to: unknown;
  messageId: string | undefined;
  references: string[];
  inReplyTo: string[];
  files: { name: string; mediaType: string; bytes: string }[];
}

const linesOf = (body: string | false | null | undefined) => (body || '').replaceAll('\r\n', '\n').trim();
const idsIn = (field: string | string[] | undefined) =>
  [field ?? []].flat().flatMap((ids) => ids.split(' ').map((id) => id.slice(1, -1)));

/** The product's own, postal-mime and mailparser. */
const PARSERS: ((raw: Buffer) => Promise<Parts>)[] = [
  async function own(raw) {
    const read = readMail(raw);
    if ('unreadable' in read) throw new TypeError(`It is ${read.unreadable}.`);
    const { subject, text, html, messageId, references, inReplyTo, attachments } = read;
    return {
      ...{ subject: subject ?? '', text: linesOf(text), html: linesOf(html), from: read.from[0], to: read.to[0] },
      ...{ messageId: messageId ?? '', references, inReplyTo },
      files: attachments.map(({ name, mediaType, bytes }) => ({ name, mediaType, bytes: latin(bytes) })),
    };
  },
  async function postalMime(raw) {
    const { subject, text, html, from, to, messageId, references, inReplyTo, attachments } =
      await PostalMime.parse(raw);
    return {
      ...{ subject, text: linesOf(text), html: linesOf(html), from: plain(from), to: plain(to?.[0]) },
      ...{ messageId: messageId?.slice(1, -1), references: idsIn(references), inReplyTo: idsIn(inReplyTo) },
      files: attachments.map(({ filename, mimeType, content }) => ({
        ...{ name: filename ?? '', mediaType: mimeType, bytes: latin(new Uint8Array(content as ArrayBuffer)) },
      })),
    };
  },
  async function mailParser(raw) {
    const read = await simpleParser(raw, { skipTextToHtml: true });
    const [to] = [read.to ?? []].flat();
    return {
      ...{ subject: read.subject, text: linesOf(read.text), html: linesOf(read.html) },
      ...{ from: plain(read.from?.value[0]), to: plain(to?.value[0]), messageId: read.messageId?.slice(1, -1) },
      ...{ references: idsIn(read.references), inReplyTo: idsIn(read.inReplyTo) },
      files: read.attachments.map(({ filename, contentType, content }) => ({
        ...{ name: filename ?? '', mediaType: contentType, bytes: content.toString('latin1') },
      })),
    };
  },
];

function latin(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('latin1');
}

function plain(address: { name?: string; address?: string | undefined } | undefined) {
  return { name: address?.name, address: address?.address };
}

function kindOf(mail: OutgoingMail): string | undefined {
  return mail.headers['Message-ID']?.match(/_([a-z]+)@/)?.[1];
}

describe.each(samples)('$of', ({ mail, language }) => {
  it('is valid HTML, and accessible as far as a machine can tell', async () => {
    const { results } = await validator.validateString(mail.html);
    expect(results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`))).toEqual(
      [],
    );
  });

  it('says its language and direction, and fetches nothing', () => {
    const languageAndDirection = `lang="${language}" dir="${directionOf(language)}"`;
    expect(mail.html).toContain(`<html ${languageAndDirection}>`);
    // Gmail, and other pages that mails are read in, keep nothing of what is around the body's own.
    expect(mail.html).toContain(`<table role="presentation" ${languageAndDirection} style=`);
    expect(mail.html).not.toMatch(/<(img|link|script|iframe|object|form)\b|url\(|@import|src=/i);
    expect(mail.html).toContain('<meta name="color-scheme" content="light dark">');
    expect(mail.html).toContain('@media (prefers-color-scheme:dark)');
  });

  it('is read with enough contrast wherever a colour and its ground stand together', () => {
    const pairs = [...mail.html.matchAll(/background-color:(#\w{6})(?:!important)?;color:(#\w{6})/g)];
    expect(pairs.length).toBeGreaterThan(2);
    for (const [, ground = '', ink = ''] of pairs) expect(contrastOf(ground, ink)).toBeGreaterThanOrEqual(4.5);
  });

  it('says that a machine wrote it where one did, and belongs to no list', () => {
    const automatic = mail.headers['Auto-Submitted'];
    expect(automatic).toBe(AUTO_SUBMITTED[kindOf(mail) ?? '']);
    const suppressed = mail.headers['X-Auto-Response-Suppress'];
    expect(suppressed === undefined).toBe(automatic === undefined);
    // That the mail did not arrive has to be told all the same.
    expect(suppressed ?? '').not.toMatch(/\b(all|ndr)\b/i);
    expect(Object.keys(mail.headers).join()).not.toMatch(/list-|precedence/i);
  });

  it('parses back to the same parts, by the product’s own parser and two others', async () => {
    const raw = await rawMail(mail, MONDAY, () => '');
    expect(raw.toString('latin1')).not.toMatch(/[^\r\n]{999}/); // RFC 5322 §2.1.1
    expect(raw.toString('latin1').split('\r\n\r\n', 1)[0]).toMatch(/^[\t\r\n\x20-\x7e]*$/); // RFC 2047, not RFC 6532
    const { headers, from, to } = mail;
    const ids = (names = '') => names.split(' ').map((id) => id.slice(1, -1));
    const sent = {
      ...{ subject: mail.subject, text: mail.text.trim(), html: mail.html.trim(), from, to, files: [] },
      messageId: headers['Message-ID']?.slice(1, -1),
      references: ids(headers['References']),
      inReplyTo: ids(headers['In-Reply-To']),
    };
    for (const read of PARSERS) expect(await read(raw), read.name).toEqual(sent);
  });
});

describe('files of a mail', () => {
  it('parse back to their names, types and bytes, by every parser', async () => {
    const [reply] = samples.filter(({ name }) => name === 'Reply');
    const files = ['Größe & Farbe.pdf', 'فاتورة.txt', `${'long name '.repeat(12)}.bin`].map((name, index) => {
      const mediaType = ['application/pdf', 'text/plain', 'application/octet-stream'][index] ?? '';
      return { name, mediaType, key: name, bytes: Buffer.from(`file ${index}\r\n.\r\n\0`) };
    });
    const folder = mkdtempSync(join(tmpdir(), 'meanwhile-sample-'));
    const pathOf = (key: string) => join(folder, String(files.findIndex(({ name }) => name === key)));
    for (const { key, bytes } of files) writeFileSync(pathOf(key), bytes);
    const raw = await rawMail({ ...(reply?.mail as OutgoingMail), attachments: files }, MONDAY, pathOf);
    rmSync(folder, { recursive: true });
    const sent = files.map(({ name, mediaType, bytes }) => ({ name, mediaType, bytes: bytes.toString('latin1') }));
    for (const read of PARSERS) expect((await read(raw)).files, read.name).toEqual(sent);
  });
});

it('there is a sample of every kind of mail', () => {
  const kinds = samples.map(({ mail }) => kindOf(mail));
  expect([...new Set(kinds)].sort()).toEqual(Object.keys(AUTO_SUBMITTED).sort());
});

/** What every mail has to be, whatever it says: valid, readable, nothing fetched, and the same parts once parsed. */
import { HtmlValidate } from 'html-validate';
import { simpleParser } from 'mailparser';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { rawMail } from '../../adapters/embedded/mime.ts';
import { contrastOf } from '../../core/email/colours.ts';
import type { OutgoingMail } from '../../core/email/mail.ts';
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

  it('parses back to the same parts, by two parsers', async () => {
    const raw = await rawMail(mail, MONDAY, () => '');
    expect(raw.toString('latin1')).not.toMatch(/[^\r\n]{999}/); // RFC 5322 §2.1.1
    expect(raw.toString('latin1').split('\r\n\r\n', 1)[0]).toMatch(/^[\t\r\n\x20-\x7e]*$/); // RFC 2047, not RFC 6532
    const [postal, other] = await Promise.all([PostalMime.parse(raw), simpleParser(raw, { skipTextToHtml: true })]);
    const parts = ({
      subject,
      text,
      html,
    }: {
      subject?: string | undefined;
      text?: string | undefined;
      html?: string | false | undefined;
    }) => {
      const lines = [text, html || ''].map((body = '') => body.replaceAll('\r\n', '\n').trim());
      return { subject, text: lines[0], html: lines[1] };
    };
    const sent = { subject: mail.subject, text: mail.text.trim(), html: mail.html.trim() };
    expect(parts(postal)).toEqual(sent);
    expect(parts(other)).toEqual(sent);
    expect(postal.from).toMatchObject(mail.from);
    expect(other.from?.value).toMatchObject([mail.from]);
    expect(postal.to).toMatchObject([mail.to]);
    expect(postal.messageId).toBe(mail.headers['Message-ID']);
    expect(other.references ?? []).toEqual(
      mail.headers['References']?.includes(' ') ? mail.headers['References'].split(' ') : mail.headers['References'],
    );
  });
});

it('there is a sample of every kind of mail', () => {
  const kinds = samples.map(({ mail }) => kindOf(mail));
  expect([...new Set(kinds)].sort()).toEqual(Object.keys(AUTO_SUBMITTED).sort());
});

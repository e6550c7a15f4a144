/** What is too much of a mail, and that the rest of it is read all the same. Times are measured by `npm run fuzz`. */
import { describe, expect, it } from 'vitest';
import { readMail } from '../../../../core/email/received/read-mail.ts';
import { LIMITS } from '../../../../core/email/received/received-mail.ts';
import { raw, read } from './raw-mail.ts';

const HEAD = ['From: robin@customer.example', 'Subject: Much'];
const MEGABYTE = 1024 * 1024;

describe('too much of a mail', () => {
  it('a mail of 30 MB is read, and its file is whole', () => {
    const line = `${'QUJD'.repeat(19)}\r\n`;
    const lines = Math.ceil((30 * MEGABYTE) / line.length);
    const mail = read(
      raw(
        ...[...HEAD, 'Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'Attached.', '--b'],
        ...[
          'Content-Type: application/zip; name=big.zip',
          'Content-Transfer-Encoding: base64',
          '',
          `${line.repeat(lines)}--b--`,
          '',
        ],
      ),
    );
    expect(mail).toMatchObject({ text: 'Attached.', cutAt: [], attachments: [{ name: 'big.zip' }] });
    expect(mail.attachments[0]?.bytes.length).toBe(lines * 57);
  });

  it('30 MB of words are cut', () => {
    const mail = read(raw(...HEAD, '', 'many words\r\n'.repeat((30 * MEGABYTE) / 12)));
    expect([mail.text?.length, mail.cutAt, mail.subject]).toEqual([LIMITS.textChars, ['textChars'], 'Much']);
  });

  it('a mail larger than any server sends is not read', () => {
    expect(readMail(new Uint8Array(LIMITS.mailBytes + 1))).toEqual({ unreadable: 'too-large' });
  });

  it('of a multipart 1,000 deep, what is too deep is a file', () => {
    const deep = Array.from({ length: 1_000 }, (_, level) => [
      `Content-Type: multipart/mixed; boundary=b${level}`,
      '',
      `--b${level}`,
    ]);
    const mail = read(raw(...HEAD, ...deep.flat(), '', 'the bottom'));
    expect(mail).toMatchObject({ subject: 'Much', text: null, cutAt: ['depth'], attachments: [{ name: 'part.eml' }] });
    expect(Buffer.from(mail.attachments[0]?.bytes ?? []).toString()).toMatch(/the bottom$/);
  });

  it('of 10,000 recipients, the first are kept', () => {
    const to = Array.from({ length: 10_000 }, (_, index) => `r${index}@x.example`).join(',\r\n ');
    const mail = read(raw(...HEAD, `To: ${to}`, 'Cc: last@x.example', '', 'Hi'));
    expect([mail.to.length, mail.to[0]?.address]).toEqual([LIMITS.addresses, 'r0@x.example']);
    expect([mail.cc[0]?.address, mail.text, mail.cutAt]).toEqual(['last@x.example', 'Hi', ['fieldBytes', 'addresses']]);
  });

  it.each([
    ['headerFields', Array.from({ length: 2_000 }, () => 'X-A: b')],
    ['headerBytes', Array.from({ length: 900 }, () => `X-A: ${'b'.repeat(1_000)}`)],
    ['fieldBytes', [`X-A: ${'b'.repeat(100_000)}`]],
    ['subjectChars', [`Subject: ${'b'.repeat(2_000)}`]],
    ['references', [`References: ${'<a@b.example> '.repeat(500)}`]],
  ])('%s', (bound, fields) => {
    expect(read(raw('From: a@b.example', ...fields, '', 'Hi'))).toMatchObject({
      text: 'Hi',
      from: [{ address: 'a@b.example' }],
      cutAt: [bound],
    });
  });

  it('of too many references, where the thread began and where it stands are kept', () => {
    const references = Array.from({ length: 500 }, (_, index) => `<${index}@x.example>`).join(' ');
    const kept = read(raw(`References: ${references}`, '', '')).references;
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([LIMITS.references, '0@x.example', '499@x.example']);
  });

  it('of too many parts, the first are kept', () => {
    const parts = Array.from({ length: 2_000 }, () => ['--b', 'Content-Type: image/png', '', 'x']).flat();
    const mail = read(raw('Content-Type: multipart/mixed; boundary=b', '', ...parts, '--b--'));
    expect([mail.attachments.length, mail.cutAt]).toEqual([LIMITS.parts - 1, ['parts']]);
  });
});

import { describe, expect, it } from 'vitest';
import { seedMails } from '../seed-mails.ts';
import { raw, read } from './raw-mail.ts';

const filesOf = (name: string) => read(seedMails[name] ?? raw()).attachments;
const named = (...parameter: string[]) =>
  read(raw('Content-Type: application/pdf', ...parameter, '', 'x')).attachments[0]?.name;

describe('files', () => {
  it('are what is not shown as words, in their order, as they were', () => {
    const files = filesOf('files');
    expect(files.map(({ name, mediaType, disposition }) => [name, mediaType, disposition])).toEqual([
      ['Résumé 2026.pdf', 'application/pdf', 'attachment'],
      ['winmail.dat', 'application/ms-tnef', null],
      ['message.eml', 'message/rfc822', null],
    ]);
    expect(Buffer.from(files[0]?.bytes ?? []).toString()).toBe('%PDF-1.4\n');
    expect(Buffer.from(files[2]?.bytes ?? []).toString()).toMatch(/^Received: .*\r\n[\s\S]*It is on its way\.$/);
  });

  it.each([
    ['invitation', 'invitation.ics', 'text/calendar'],
    ['signed', 'smime.p7s', 'application/pkcs7-signature'],
    ['enveloped', 'smime.p7m', 'application/pkcs7-mime'],
  ])('%s is kept as %s', (seed, name, mediaType) => {
    expect(filesOf(seed)).toMatchObject([{ name, mediaType }]);
  });

  it('PGP is kept, both its parts', () => {
    expect(filesOf('encrypted').map(({ name }) => name)).toEqual(['version.asc', 'encrypted.asc']);
  });

  it('uuencoded ones are decoded', () => {
    expect(Buffer.from(filesOf('uuencoded')[0]?.bytes ?? []).toString()).toBe('Cat');
  });

  it('an image that the HTML shows is inline, and a file all the same', () => {
    expect(filesOf('alternative')).toMatchObject([{ name: 'pic.png', contentId: 'pic@x', isInline: true }]);
  });

  it('know whether the mail named them', () => {
    expect([...filesOf('files'), ...filesOf('alternative')].map(({ isNamed }) => isNamed)).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });
});

describe('names of files', () => {
  it.each([
    ['../../etc/passwd', 'passwd'],
    ['C:\\\\Users\\\\me\\\\a.pdf', 'a.pdf'],
    ['/etc/', 'file.pdf'],
    ['..', 'file.pdf'],
    ['.htaccess', 'htaccess'],
    ['con.txt', '_con.txt'],
    ['a<b>:|?*.pdf', 'ab.pdf'],
    ['a\tb\x07.pdf', 'a b.pdf'],
    ['  ', 'file.pdf'],
  ])('%j is %s', (given, name) => {
    expect(named(`Content-Disposition: attachment; filename="${given}"`)).toBe(name);
  });

  it('turn no writing around', () => {
    expect(named("Content-Disposition: attachment; filename*=utf-8''evil%E2%80%AEfdp.exe")).toBe('evilfdp.exe');
  });

  it('keep their ending when they are too long', () => {
    expect(named(`Content-Disposition: attachment; filename=${'a'.repeat(400)}.pdf`)).toBe(`${'a'.repeat(146)}.pdf`);
  });

  it.each([
    ['Content-Disposition: attachment; filename="=?utf-8?B?w6QucGRm?="', 'ä.pdf'],
    ["Content-Disposition: attachment; filename*=iso-8859-1'de'%E4.pdf", 'ä.pdf'],
    ['Content-Disposition: attachment; filename*0="a b"; filename*1=".pdf"', 'a b.pdf'],
    ['Content-Disposition: attachment; filename=Invoice(1) of May.pdf', 'Invoice(1) of May.pdf'],
    ['Content-Disposition: attachment; filename="a;b=c.pdf"; size=1', 'a;b=c.pdf'],
    ['Content-Disposition: attachment; filename="say \\"hi\\".pdf"', 'say hi.pdf'],
    ['Content-Disposition: attachment; x; filename=a.pdf', 'a.pdf'],
    ['Content-Disposition: attachment; filename=a.pdf; filename=b.pdf', 'a.pdf'],
  ])('%s', (field, name) => {
    expect(named(field)).toBe(name);
  });

  it('may stand in the type', () => {
    expect(read(raw('Content-Type: application/pdf; name=a.pdf', '', 'x')).attachments[0]?.name).toBe('a.pdf');
  });
});

import { describe, expect, it } from 'vitest';
import { seedMails } from '../seed-mails.ts';
import { raw, read } from './raw-mail.ts';

const seed = (name: string) => read(seedMails[name] ?? raw());

describe('the header of a mail', () => {
  it('says who wrote what to whom, and when', () => {
    const mail = read(
      raw(
        ...['Message-ID: <one@mail.example>', 'In-Reply-To: <zero@mail.example>', 'References: <first@mail.example>'],
        ...[
          ' <zero@mail.example>',
          'Date: Mon, 23 Nov 2026 12:00:00 +0100',
          'From: "Lee, Robin" <robin@customer.example>',
        ],
        ...['Sender: desk@customer.example', 'Reply-To: <home@customer.example>'],
        ...['To: help@acme.example, Sales: a@acme.example, B <b@acme.example>;', 'Cc: c@acme.example'],
        ...['Subject: =?utf-8?Q?Sch=C3=B6ne?= =?utf-8?B?IEdyw7zDn2U=?=', '', ''],
      ),
    );
    expect(mail).toMatchObject({
      messageId: 'one@mail.example',
      inReplyTo: ['zero@mail.example'],
      references: ['first@mail.example', 'zero@mail.example'],
      sentAt: Date.parse('2026-11-23T11:00:00Z'),
      from: [{ name: 'Lee, Robin', address: 'robin@customer.example' }],
      sender: { name: '', address: 'desk@customer.example' },
      replyTo: [{ name: '', address: 'home@customer.example' }],
      cc: [{ name: '', address: 'c@acme.example' }],
      subject: 'Schöne Grüße',
      cutAt: [],
    });
    expect(mail.to.map(({ address }) => address)).toEqual(['help@acme.example', 'a@acme.example', 'b@acme.example']);
  });

  it('may name nobody and say nothing', () => {
    expect(read(raw('Subject:', '', ''))).toMatchObject({ from: [], to: [], messageId: null, subject: '', text: '' });
  });

  it('may be missing: then all is body', () => {
    expect(read(raw('Just words.', 'And: more.'))).toMatchObject({ headers: [], text: 'Just words.\nAnd: more.' });
  });

  it('reads the first field where one comes twice', () => {
    const mail = read(raw('From: a@x.example', 'From: b@x.example', 'Subject: one', 'Subject: two', '', ''));
    expect([mail.subject, mail.headers.length]).toEqual(['one', 4]);
  });

  it('names every author, so that none hides behind another', () => {
    const mail = read(raw('From: a@x.example', 'From: b@x.example', '', ''));
    expect(mail.from.map(({ address }) => address)).toEqual(['a@x.example', 'b@x.example']);
  });

  it('is unfolded, and nothing in it becomes a field or a line of its own', () => {
    const mail = read(
      raw(
        'Subject: =?utf-8?Q?Hi=0D=0ABcc:_a@x.example?=',
        ' and',
        '\tmore',
        'From: =?utf-8?Q?A=0AB?= <a@x.example>',
        '',
        '',
      ),
    );
    expect(mail.subject).toBe('Hi Bcc: a@x.example and more');
    expect(mail.from).toEqual([{ name: 'A B', address: 'a@x.example' }]);
    expect(mail.headers.map(([name]) => name)).toEqual(['subject', 'from']);
  });

  it('takes raw UTF-8, and bytes of encoded words by their charset; other bytes are no text', () => {
    const utf8 = Buffer.from('Grüße').toString('latin1');
    expect(read(raw(`Subject: ${utf8}`, '', '')).subject).toBe('Grüße');
    expect(read(raw('Subject: =?iso-8859-1?Q?Gr\xfc\xdfe?= \xfc', '', '')).subject).toBe('Grüße \ufffd');
  });

  it('ends where the empty line after it was forgotten', () => {
    expect(read(raw('Subject: Hi', 'Just words,', 'and more.'))).toMatchObject({
      subject: 'Hi',
      text: 'Just words,\nand more.',
    });
  });

  it('passes over lines that are no fields, and the line of a mailbox file', () => {
    const mail = read(
      raw('From robin Mon Nov 23 12:00:00 2026', 'Subject: Hi', 'no field', 'To : help@acme.example', '', 'x'),
    );
    expect([mail.subject, mail.to[0]?.address, mail.text]).toEqual(['Hi', 'help@acme.example', 'x']);
  });

  it.each([
    ['<a@x.example>', 'a@x.example'],
    ['<a @x.example> (of mine)', 'a@x.example'],
    ['a@x.example', 'a@x.example'],
    ['<a>', 'a'],
    ['a', 'a'],
    ['no id at all', null],
    ['<', null],
    [`<${'a'.repeat(2_000)}@x.example>`, null],
  ])('Message-ID: %s', (field, id) => {
    expect(read(raw(`Message-ID: ${field}`, '', '')).messageId).toBe(id);
  });

  it.each([
    ['Mon, 23 Nov 2026 12:00:00 +0100', '2026-11-23T11:00:00Z'],
    ['23 Nov 26 06:00 EST', '2026-11-23T11:00:00Z'],
    ['Mon, 23 Nov 2026 11:00:00 GMT (today)', '2026-11-23T11:00:00Z'],
    ['yesterday', null],
    ['', null],
  ])('date %s', (date, at) => {
    expect(read(raw(`Date: ${date}`, '', '')).sentAt).toBe(at === null ? null : Date.parse(at));
  });
});

describe('the body of a mail', () => {
  it('is text, by its charset and encoding', () => {
    expect(seed('utf8').text).toBe('Grüße aus Köln, und noch eine lange Zeile, die weich umbricht.');
    expect(seed('japanese').text).toBe('あた');
    expect(seed('flowed').text).toBe('> onetwo\nthreefour');
  });

  it.each([
    ['iso-8859-1', '\xe4', 'ä'],
    ['ISO8859-1', '\xe4', 'ä'],
    ['cp1252', '\x80', '€'],
    ['windows-1251', '\xc4\xe0', 'Да'],
    ['koi8-r', '\xe4\xc1', 'Да'],
    ['x-sjis', '\x82\xa0', 'あ'],
    ['cp932', '\x82\xa0', 'あ'],
    ['GB2312', '\xc4\xe3', '你'],
    ['ks_c_5601-1987', '\xb0\xa1', '가'],
    ['utf-7', 'A+AOQ-', 'Aä'],
    ['utf-16le', 'A\0', 'A'],
    ['no-such-charset', '\xc3\xa4', 'ä'],
    ['us-ascii', '\xc3\xa4', 'ä'],
    ['utf-8', '\xe4', '\ufffd'],
  ])('charset %s', (charset, bytes, text) => {
    expect(read(raw(`Content-Type: text/plain; charset="${charset}"`, '', bytes)).text).toBe(text);
  });

  it.each([
    ['base64', 'SGk=\r\nIFlvdQ', 'Hi You'],
    ['base64', '*S*G k', 'Hi'],
    ['BASE64 (see)', 'SGk', 'Hi'],
    ['quoted-printable', 'a=3d=ZZ=3D=', 'a==ZZ='],
    ['quoted-printable', 'one=  \r\ntwo', 'onetwo'],
    ['8bit', 'Hi', 'Hi'],
    ['nonsense', 'Hi', 'Hi'],
  ])('encoding %s of %s', (encoding, body, text) => {
    expect(read(raw(`Content-Transfer-Encoding: ${encoding}`, '', body)).text).toBe(text);
  });

  it('has the words of an alternative once, and those of several parts one under the other', () => {
    expect(seed('alternative')).toMatchObject({ text: 'See [picture]', html: expect.stringContaining('cid:pic@x') });
    expect(seed('files').text).toBe('Attached.\nAnd this below.');
  });

  it('may be HTML only, whose charset it may say itself', () => {
    const html = read(raw('Content-Type: text/html', '', '<meta charset="iso-8859-1"><p>\xe4'));
    expect([html.text, html.html]).toEqual([null, '<meta charset="iso-8859-1"><p>ä']);
  });

  it('is read to its end where a boundary is never closed, or never comes', () => {
    const open = ['Content-Type: multipart/mixed; boundary=b', ''];
    expect(read(raw(...open, '--b', '', 'words')).text).toBe('words');
    expect(read(raw(...open, '--b', '', 'words--b--')).text).toBe('words');
    expect(read(raw(...open, 'words')).text).toBe('words');
    expect(read(raw('Content-Type: multipart/mixed', '', 'words')).text).toBe('words');
  });

  it('keeps parts apart whose boundaries begin alike', () => {
    const mail = read(
      raw(
        ...[
          'Content-Type: multipart/mixed; boundary=b',
          '',
          '--b',
          'Content-Type: multipart/alternative; boundary=b-1',
          '',
        ],
        ...[
          '--b-1',
          '',
          'words',
          '--b-1--',
          '--b',
          'Content-Disposition: attachment; filename=a.txt',
          '',
          'file',
          '--b--',
          '',
        ],
      ),
    );
    expect([mail.text, mail.attachments.map(({ name }) => name)]).toEqual(['words', ['a.txt']]);
  });
});

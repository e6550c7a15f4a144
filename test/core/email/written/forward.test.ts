import { describe, expect, it } from 'vitest';
import { correspondentsOf } from '../../../../core/email/written/correspondents.ts';
import { parseForward } from '../../../../core/email/written/forward.ts';

const BODY = 'Where is my order?\n\nIt is of April.';
const HEADERS =
  'From: Ann Lee <ann@mail.example>\nDate: Tue, 3 May 2022 10:04\nSubject: Order 17\nTo: help@shop.example';
const ANN = { name: 'Ann Lee', address: 'ann@mail.example' };
const EMAIL = {
  from: ANN,
  to: [{ name: null, address: 'help@shop.example' }],
  cc: [],
  subject: 'Order 17',
  date: 'Tue, 3 May 2022 10:04',
  body: BODY,
};
const quoted = (text: string): string => text.replace(/^/gm, '> ');
const indented = (text: string): string => text.replace(/^(?=.)/gm, '    ');

describe('a forward', () => {
  it.each([
    ['Gmail', `---------- Forwarded message ---------\n${HEADERS}\n\n\n${BODY}\n`],
    ['Apple Mail', `Begin forwarded message:\n\n${quoted(`${HEADERS}\n\n${BODY}`)}\n`],
    ['Apple Mail, all quoted', quoted(`Begin forwarded message:\n\n${HEADERS}\n\n${BODY}`)],
    ['Thunderbird', `-------- Forwarded Message --------\n${HEADERS.replaceAll(': ', ': \t')}\n\n\n\n${BODY}\n`],
    ['Missive', `---------- Forwarded message ----------\n${HEADERS}\n\n${quoted(BODY)}\n`],
    ['MailMate', `Forwarded message:\n\n${quoted(`${HEADERS}\n\n${BODY}`)}\n`],
    [
      'Zoho',
      `============ Forwarded message ============\n${HEADERS}\n============ Forwarded message ============\n\n${BODY}`,
    ],
    ['Hubspot', `---------- Forwarded message ---------\n${HEADERS}\n\n${BODY}`],
    ['Yahoo', `  ----- Forwarded Message ----- ${HEADERS.replaceAll('\n', '')}\n ${BODY}`],
    ['a BOM before it', `\ufeff---------- Forwarded message ---------\n${HEADERS}\n\n${BODY}`],
    ['Windows’ line ends', `---------- Forwarded message ---------\n${HEADERS}\n\n${BODY}\n`.replaceAll('\n', '\r\n')],
    [
      'headers as HTML made text',
      `---------- Forwarded message ---------\n${HEADERS.replaceAll('\n', '\n\n')}\n\n${BODY}`,
    ],
    [
      'headers above their values',
      `-------- Forwarded Message --------\n${HEADERS.replaceAll(': ', ':\n')}\n\n${BODY}`,
    ],
  ])('of %s', (_, mail) => {
    expect(parseForward(mail, null)).toMatchObject({ forwarded: true, message: null, email: EMAIL });
    expect(parseForward(`Please see to it.\n\nBen\n\n${mail}`, 'Order 17')).toMatchObject({
      forwarded: true,
      message: 'Please see to it.\n\nBen',
      email: EMAIL,
    });
  });

  it.each([
    ['Outlook', `________________________________\n${HEADERS}\n\n${BODY}`],
    ['Outlook for Mac', `${HEADERS}\n${BODY}`],
    ['Outlook of old', `-----Original Message-----\n${HEADERS}\n\n${BODY}`],
    ['bold headers', `${HEADERS.replace(/^(\w+):/gm, '*$1:*')}\n\n${BODY}`],
  ])('of %s is told by its subject', (_, mail) => {
    const found = { forwarded: true, message: 'See below.', email: EMAIL };
    for (const subject of [
      'FW: Order 17',
      'Fwd: Order 17',
      'WG: Order 17',
      'TR: x',
      'RV: x',
      'I: x',
      'ENC: x',
      'Doorst: x',
    ]) {
      expect(parseForward(`See below.\n\n${mail}`, subject)).toEqual(found);
    }
    for (const subject of ['Re: Order 17', 'AW: WG: Order 17', 'Order 17', '', null]) {
      expect(parseForward(`See below.\n\n${mail}`, subject)).toEqual({ forwarded: false, message: null, email: null });
    }
  });

  it('with nothing above an original message is one where no subject is known', () => {
    const mail = `-----Original Message-----\n${HEADERS}\n\n${BODY}`;
    expect(parseForward(mail).email).toEqual(EMAIL);
    expect(parseForward(mail, 'Re: Order 17').forwarded).toBe(false);
  });

  it('by a prefix that answers in the language of its headers is none', () => {
    const finnish =
      'Lähettäjä: Ann <ann@mail.example>\nLähetetty: 3.5.2022\nVastaanottaja: help@shop.example\nAihe: x\n\nMoi';
    const danish = 'Fra: Ann <ann@mail.example>\nSendt: 3.5.2022\nTil: help@shop.example\nEmne: x\n\nHej';
    expect(parseForward(finnish, 'VS: x').forwarded).toBe(false);
    expect(parseForward(finnish, 'VL: x').forwarded).toBe(true);
    expect(parseForward(danish, 'VS: x').forwarded).toBe(true);
  });

  it.each([
    'On 03/05/2022, 10:04, "Ann Lee" <ann@mail.example> wrote:',
    'Am 03.05.2022, 10:04 schrieb "Ann Lee" <ann@mail.example>:',
    'Le 03/05/2022 10:04, « Ann Lee » <ann@mail.example> a écrit :',
    'El 3/5/22, 10:04, "Ann Lee" <ann@mail.example> escribió:',
    'Il giorno 03/05/22, 10:04 "Ann Lee" <ann@mail.example> ha scritto:',
    'Em 03/05/2022 10:04, "Ann Lee" <ann@mail.example> escreveu:',
    'Op 03-05-2022 10:04 heeft Ann Lee <ann@mail.example> geschreven:',
    'Den 2022-05-03 10:04 skrev "Ann Lee" <ann@mail.example>:',
    'Den 03.05.2022 10:04 skrev Ann Lee <ann@mail.example> følgende:',
    'Ann Lee <ann@mail.example> kirjoitti 3.5.2022 klo 10.04:',
    'W dniu 03.05.2022, 10:04 użytkownik „Ann Lee” <ann@mail.example> napisał:',
    'Dne 03.05.22 10:04, "Ann Lee" <ann@mail.example> napsal:',
    '03/05/2022 10:04 időpontban Ann Lee (ann@mail.example) ezt írta:',
    'Pe 03.05.2022, 10:04, „Ann Lee” <ann@mail.example> a scris:',
    '03.05.2022, 10:04, пользователь "Ann Lee" <ann@mail.example> написал:',
    '03.05.2022 10:04 tarihinde Ann Lee <ann@mail.example> şunu yazdı:',
    '在 2022/5/3 10:04，“Ann Lee”<ann@mail.example> 写入:',
  ])('with an attribution for headers: %s', (attribution) => {
    const { forwarded, message, email } = parseForward(`${attribution}\n\n${indented(BODY)}\n`, 'FW: Order 17');
    expect({ forwarded, message }).toEqual({ forwarded: true, message: null });
    expect(email).toMatchObject({ from: ANN, subject: 'Order 17', body: BODY });
    expect(parseForward(`${attribution}\n\n${BODY}`, 'Re: Order 17').forwarded).toBe(false);
  });

  it('within a quotation was one before, and is none', () => {
    const inner = `---------- Forwarded message ---------\n${HEADERS}\n\n${BODY}`;
    const wrote = 'On Tue, May 3, 2022 at 10:04 AM Bo <bo@mail.example> wrote:';
    expect(parseForward(`Thanks.\n\n${wrote}\n${quoted(inner)}`, 'Re: x').forwarded).toBe(false);
    expect(parseForward(`Thanks.\n\n${wrote}\n\n${inner}`).forwarded).toBe(false);
    expect(parseForward(`Thanks.\n\n${HEADERS}\n\n${inner}`, 'Re: x').forwarded).toBe(false);
    expect(parseForward(inner.replace(BODY, inner)).email?.body).toBe(inner);
  });

  it('is nothing that only talks of one', () => {
    for (const text of [
      '',
      '\n',
      'Forwarded message: none',
      'I forwarded it.\n\nFrom: Berlin\nTo: Rome',
      `Hello\n\n${BODY}`,
    ]) {
      expect(parseForward(text, 'FW: Order 17').forwarded, text).toBe(false);
      expect(parseForward(text).forwarded, text).toBe(false);
    }
  });

  it('has a subject of two lines, and copies', () => {
    const headers = ['Subject: Order 17', 'and 18', 'To: a@b.example,', ' b@b.example', 'Cc: Bo (bo@mail.example)'];
    const mail = `---------- Forwarded message ---------\nFrom: <ann@mail.example>\n${headers.join('\n')}\n\nHi`;
    expect(parseForward(mail).email).toEqual({
      from: { name: null, address: 'ann@mail.example' },
      to: [
        { name: null, address: 'a@b.example' },
        { name: null, address: 'b@b.example' },
      ],
      cc: [{ name: 'Bo', address: 'bo@mail.example' }],
      subject: 'Order 17 and 18',
      date: null,
      body: 'Hi',
    });
  });
});

describe('correspondents', () => {
  const bare = (address: string) => ({ name: null, address });
  it.each([
    ['Ann Lee <ann@mail.example>', [ANN]],
    ['"Lee, Ann" <ann@mail.example>', [{ name: 'Lee, Ann', address: 'ann@mail.example' }]],
    [
      'Lee, Ann <ann@mail.example>, b@c.example',
      [{ name: 'Lee, Ann', address: 'ann@mail.example' }, bare('b@c.example')],
    ],
    ['Ann Lee [mailto:ann@mail.example]', [ANN]],
    ['Ann Lee <ann@mail.example<mailto:ann@mail.example>>', [ANN]],
    ['ann@mail.example (Ann Lee)', [ANN]],
    ['"ann@mail.example" <ann@mail.example>', [bare('ann@mail.example')]],
    [
      '<ann@mail.example>; "Bo"<bo@mail.example>;',
      [bare('ann@mail.example'), { name: 'Bo', address: 'bo@mail.example' }],
    ],
    ["'Ann Lee' <ann@mail.example>; 'bo@mail.example'", [ANN, bare('bo@mail.example')]],
    [
      'Ann, Bo',
      [
        { name: 'Ann', address: null },
        { name: 'Bo', address: null },
      ],
    ],
    ['Ann Lee', [{ name: 'Ann Lee', address: null }]],
    ['', []],
    [' , ; ', []],
  ])('of %s', (list, expected) => {
    expect(correspondentsOf(list)).toEqual(expected);
  });
});

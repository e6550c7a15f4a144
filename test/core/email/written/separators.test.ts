import { describe, expect, it } from 'vitest';
import { parseForward } from '../../../../core/email/written/forward.ts';
import { parseReply } from '../../../../core/email/written/reply.ts';

const HEADERS = 'From: Ann Lee <ann@mail.example>\nDate: 3 May 2022 10:04\nTo: help@shop.example\nSubject: Order 17';

describe('a mail is passed on below words that no table has', () => {
  it.each([
    '-------- Message you forwarded --------',
    '-------- Framsent bréf --------',
    '---------- Thư chuyển tiếp mới ---------',
    '‐‐‐‐‐‐‐ رسالة مُعاد توجيهها ‐‐‐‐‐‐‐',
    'Početak poruke koja je proslijeđena:',
    '以下是轉寄給您的郵件：',
    '-------- İletilen İleti --------',
    'Bắt đầu thư đã chuyển tiếp:',
  ])('%s', (separator) => {
    const mail = `${separator}\n${HEADERS}\n\nWhere is it?`;
    expect(parseForward(mail, 'Order 17')).toMatchObject({ forwarded: true, email: { body: 'Where is it?' } });
    expect(parseForward(`See below.\n\n${mail}`)).toMatchObject({ forwarded: true, message: 'See below.' });
  });

  it('but not below a person’s sentence, nor where no headers follow', () => {
    for (const line of ['-- I forwarded it to you --', 'Please see what my colleague has forwarded to me:']) {
      expect(parseForward(`${line}\n\nThe lamp hums.`).forwarded).toBe(false);
    }
    const sentence = 'Ich habe Ihnen heute Mittag diese Mail hier weitergeleitet:';
    expect(parseForward(`${sentence}\n\n${HEADERS}\n\nWhere is it?`, 'FW: Order 17').message).toBe(sentence);
  });
});

describe('an answer ends', () => {
  it.each([
    '##- Please type your reply above this line -##',
    '##- Bitte geben Sie Ihre Antwort oberhalb dieser Zeile ein -##',
    '--- Reply above this line ---',
    '## Veuillez répondre au-dessus de cette ligne ##',
    '-----Original-Nachricht-----',
    '‐‐‐‐‐‐‐ Original Message ‐‐‐‐‐‐‐',
    '——— Ursprüngliche Nachricht ———',
  ])('above %s', (line) => {
    expect(parseReply(`Blue.\n\n${line}\n\nWhich one?`).visible).toBe('Blue.');
  });

  it('above a rule, and without the marks of bold print', () => {
    const wrote = 'On Tue, May 3, 2022 at 10:04 AM Ann Lee <ann@mail.example> wrote:';
    const french =
      'Message du 03/05/22 10:04\nDe : "Ann Lee" <ann@mail.example>\nA : help@shop.example\nObjet : Order 17';
    for (const lines of [`---\n\n${wrote}`, `*${wrote}*`, `**${wrote}**`, `________________\n\n${HEADERS}`, french]) {
      expect(parseReply(`Blue.\n\n${lines}\n\n> Which?`).visible).toBe('Blue.');
      expect(parseReply(`Blue.\n\n${lines}\n\nWhich?`).visible).toBe('Blue.');
    }
  });

  it('above a name behind two dashes', () => {
    for (const name of ['--Ann', '-- Ann', '-- Ann Lee', '-ann']) {
      expect(parseReply(`Blue.\n\n${name}`, { signature: 'strip' }).visible).toBe('Blue.');
    }
  });

  it('above the bare date of an old Gmail, which is no line of a log', () => {
    expect(parseReply('Blue.\n\n2022-05-03 10:04 GMT+02:00 Ann Lee\n\nWhich?').visible).toBe('Blue.');
    for (const log of [
      'The log:\n2022-05-03 10:04 GMT+02:00 pump started\n2022-05-03 10:05 GMT+02:00 pump stopped\nWhat now?',
      'The log:\n2022-05-03 10:04 GMT+02:00 Pump started\n2022-05-03 10:05 GMT+02:00 Pump stopped\nWhat now?',
      'De: 10h\nÀ: 12h\nDate: 3 mai\nObjet: rendez-vous\n\nMerci de confirmer.',
    ]) {
      expect(parseReply(log)).toEqual({ visible: log, hidden: [] });
    }
  });

  it('above an attribution wrapped behind its address, and one in Persian digits', () => {
    for (const lines of [
      'Ann Lee <ann@mail.example>\n于2022年5月3日周二 上午10:04写道：',
      'در تاریخ سه‌شنبه ۳\nمه ۲۰۲۲، ۱۰:۰۴ Ann Lee <ann@mail.example> نوشت:',
    ]) {
      expect(parseReply(`Blue.\n\n${lines}\n\nWhich?`).visible).toBe('Blue.');
      expect(parseReply(`Blue.\n\n${lines}\n> Which?`).visible).toBe('Blue.');
    }
  });

  it('above what programs add with a link, in Arabic, or with nothing to it', () => {
    for (const line of [
      'Get [Outlook for Android](https://get.example)',
      'أُرسلت من الـ iPhone',
      'Sent using Zoho Mail',
    ]) {
      expect(parseReply(`Blue.\n\n${line}`, { signature: 'strip-delimited' }).visible).toBe('Blue.');
    }
  });
});

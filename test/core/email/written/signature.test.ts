import { describe, expect, it } from 'vitest';
import { parseReply } from '../../../../core/email/written/reply.ts';

const strip = (text: string, sender?: string) =>
  parseReply(text, { signature: 'strip', ...(sender === undefined ? {} : { sender }) });
const delimited = (text: string) => parseReply(text, { signature: 'strip-delimited' }).visible;

/** What programs put below a text. */
const SENT_FROM: [language: string, ...lines: string[]][] = [
  [
    'en',
    'Sent from my iPhone',
    'Sent from my Galaxy S21',
    'Get Outlook for Android<https://aka.ms/x>',
    'Sent from Yahoo Mail on Android',
    'Sent with Proton Mail secure email.',
    'Sent from my Fairphone',
  ],
  [
    'de',
    'Von meinem iPhone gesendet',
    'Gesendet von Mail für Windows',
    'Diese Nachricht wurde von meinem Android Mobiltelefon mit GMX Mail gesendet.',
    'Gesendet mit der mobilen Mail App',
    'Outlook für iOS beziehen',
  ],
  [
    'fr',
    'Envoyé de mon iPhone',
    'Envoyé depuis mon appareil mobile',
    'Télécharger Outlook pour Android',
    'Envoyé à partir de Outlook',
  ],
  ['es', 'Enviado desde mi iPhone', 'Obtener Outlook para iOS', 'Enviado desde Yahoo Mail'],
  ['it', 'Inviato da iPhone', 'Inviato dal mio Samsung', 'Scarica Outlook per Android'],
  ['pt', 'Enviado do meu iPhone', 'Enviado a partir do meu telemóvel'],
  ['nl', 'Verstuurd vanaf mijn iPhone', 'Verzonden vanaf Outlook voor Android'],
  ['sv', 'Skickat från min iPhone', 'Skickat från Outlook'],
  ['da', 'Sendt fra min iPhone', 'Hent Outlook til Android'],
  ['no', 'Sendt fra min iPad'],
  ['fi', 'Lähetetty iPhonesta', 'Lähetetty Samsung-puhelimesta'],
  ['pl', 'Wysłane z iPhone’a', 'Wysłano z mojego telefonu Samsung'],
  ['cs', 'Odesláno z iPhonu', 'Získat Outlook pro iOS'],
  ['hu', 'iPhone-ról küldve', 'Az iOS Outlook beszerzése'],
  ['ro', 'Trimis de pe iPhone-ul meu'],
  ['ru', 'Отправлено с iPhone', 'Отправлено из мобильной Почты Mail'],
  ['uk', 'Надіслано з iPhone'],
  ['el', 'Στάλθηκε από το iPhone μου'],
  ['tr', "iPhone'umdan gönderildi", 'Samsung Galaxy akıllı telefonumdan gönderildi', "iOS için Outlook'u edinin"],
  ['he', 'נשלח מה-iPhone שלי'],
  ['ja', 'iPhoneから送信'],
  ['zh', '发自我的iPhone', '從我的 iPhone 傳送', '获取适用于 Android 的 Outlook'],
  ['ko', '나의 iPhone에서 보냄', 'iOS용 Outlook 받기'],
  ['vi', 'Được gửi từ iPhone của tôi', 'Tải Outlook dành cho iOS'],
  ['th', 'ดาวน์โหลด Outlook สำหรับ iOS'],
];

describe.each(SENT_FROM)('what programs add in %s', (_, ...lines) => {
  it.each(lines)('%s', (line) => {
    expect(strip(`Blue, please.\n\n${line}\n`)).toEqual({
      visible: 'Blue, please.',
      hidden: [{ what: 'signature', text: line }],
    });
    expect(delimited(`Blue, please.\n\n${line}\n\nOn 3 May 2022, at 10:04, Ann wrote:\n\n> Which?`)).toBe(
      'Blue, please.',
    );
    expect(parseReply(`Blue, please.\n\n${line}`).visible).toBe(`Blue, please.\n\n${line}`);
  });
});

const CLOSINGS = [
  ...[
    'Best regards,',
    'Kind regards',
    'Cheers,',
    'Thanks!',
    'Mit freundlichen Grüßen',
    'Viele Grüße,',
    'Cordialement,',
    'Bien à vous',
  ],
  ...[
    'Saludos cordiales,',
    'Un saludo',
    'Cordiali saluti',
    'Atenciosamente,',
    'Met vriendelijke groet,',
    'Med vänliga hälsningar',
  ],
  ...[
    'Med venlig hilsen',
    'Med vennlig hilsen',
    'Ystävällisin terveisin',
    'Pozdrawiam,',
    'S pozdravem',
    'S pozdravom',
    'Üdvözlettel',
  ],
  ...[
    'Cu stimă,',
    'Srdačan pozdrav',
    'Lep pozdrav',
    'С уважением,',
    'З повагою',
    'Με εκτίμηση',
    'Saygılarımla',
    'בברכה',
    'Trân trọng,',
  ],
];

describe('a farewell', () => {
  it.each(CLOSINGS)('%s goes with the name below it', (closing) => {
    const letter = `Blue, please.\n\n${closing}\n\nAnn Lee\nShop Ltd, 1 Main Street\n+44 20 7946 0000`;
    expect(strip(letter).visible).toBe('Blue, please.');
    expect(delimited(letter)).toBe('Blue, please.');
    expect(parseReply(letter).hidden).toEqual([]);
  });

  it('stays where it is the writer’s own words', () => {
    for (const text of [
      'Blue, please.\n\nThanks!',
      'Thanks\n\nThat was quick. And can you send the other one to my office, too, so that I have it on Monday?',
      'Best regards to Bo, and:\nblue, please.',
      'Blue, please.\n\nRegards,\nAnn\n\nPS: And the red one, too.',
      'Cheers\nBo',
    ]) {
      expect(strip(text).visible).toBe(text);
    }
  });
});

describe('a signature', () => {
  it.each([
    '-- \nAnn Lee\nShop Ltd',
    '--\nAnn Lee',
    '---\nAnn',
    '__\nAnn Lee',
    '________________\nAnn Lee\nann@shop.example',
    '--------------------\nAnn Lee, Shop Ltd\nwww.shop.example',
    '-- \nRegards,\nAnn',
    'Sent from my iPhone\n\n-- \nAnn',
  ])('%s is stripped', (signature) => {
    expect(strip(`Blue, please.\n${signature}\n`).visible).toBe('Blue, please.');
    expect(delimited(`Blue, please.\n${signature}\n`)).toBe('Blue, please.');
  });

  it.each(['-ann', '- ann', '-Ann Lee', '—\nAnn Lee'])('%s is stripped unless only marked ones are', (signature) => {
    expect(strip(`Blue, please.\n\n${signature}`).visible).toBe('Blue, please.');
    expect(delimited(`Blue, please.\n\n${signature}`)).toBe(`Blue, please.\n\n${signature}`);
  });

  it('begins with the sender’s name', () => {
    const text = 'Blue, please.\n\nAnn Lee\nvia mobile';
    expect(strip(text, 'Ann Lee <ann@shop.example>').visible).toBe('Blue, please.');
    expect(strip(text, 'Bo').visible).toBe(text);
    expect(strip('Ann Lee\nhas the blue one, I think.\nOr not?', 'Ann Lee').visible).toContain('has the blue one');
  });

  it('is never all there is, nor long, nor in the middle', () => {
    const long = Array.from({ length: 20 }, (_, at) => `${at}. Blue or red?`).join('\n');
    for (const text of [
      '-- \nAnn',
      'Sent from my iPhone',
      `Yes.\n---\n${long}`,
      'One\n---\nTwo\n\n> three\n\nFour',
      '- red\n- blue',
    ]) {
      expect(strip(text).visible).toBe(text);
    }
  });

  it('below a quotation goes, and the quotation with it', () => {
    const text = 'Blue.\n\nOn 3 May 2022, at 10:04, Ann wrote:\n> Which?\n\n-- \nBo';
    expect(strip(text).visible).toBe('Blue.');
    expect(parseReply(text).visible).toBe('Blue.\n\n-- \nBo');
  });

  it('above a quotation goes', () => {
    const text = 'Blue.\n-- \nBo\n\nOn 3 May 2022, at 10:04, Ann wrote:\n> Which?';
    expect(strip(text)).toMatchObject({ visible: 'Blue.', hidden: [{ what: 'signature' }, { what: 'quotation' }] });
  });
});

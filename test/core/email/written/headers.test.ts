import { describe, expect, it } from 'vitest';
import { parseForward } from '../../../../core/email/written/forward.ts';
import { parseReply } from '../../../../core/email/written/reply.ts';

/** By language: the headers as Outlook prints them, what announces a forwarded mail, and an original one. */
const LANGUAGES: [language: string, headers: string, forwarded: string[], original: string][] = [
  ['en', 'From|Sent|To|Cc|Subject', ['Forwarded message', 'Begin forwarded message:'], 'Original Message'],
  [
    'de',
    'Von|Gesendet|An|Cc|Betreff',
    ['Weitergeleitete Nachricht', 'Anfang der weitergeleiteten Nachricht:'],
    'Ursprüngliche Nachricht',
  ],
  ['fr', 'De|Envoyé|À|Cc|Objet', ['Message transféré', 'Début du message transféré :'], "Message d'origine"],
  ['es', 'De|Enviado el|Para|CC|Asunto', ['Mensaje reenviado', 'Inicio del mensaje reenviado:'], 'Mensaje original'],
  ['it', 'Da|Inviato|A|Cc|Oggetto', ['Messaggio inoltrato', 'Inizio messaggio inoltrato:'], 'Messaggio originale'],
  [
    'pt',
    'De|Enviada em|Para|Cc|Assunto',
    ['Mensagem encaminhada', 'Início da mensagem encaminhada:'],
    'Mensagem original',
  ],
  [
    'nl',
    'Van|Verzonden|Aan|CC|Onderwerp',
    ['Doorgestuurd bericht', 'Begin doorgestuurd bericht:'],
    'Oorspronkelijk bericht',
  ],
  [
    'sv',
    'Från|Skickat|Till|Kopia|Ämne',
    ['Vidarebefordrat meddelande', 'Vidarebefordrat mejl:'],
    'Ursprungligt meddelande',
  ],
  ['da', 'Fra|Sendt|Til|Cc|Emne', ['Videresendt meddelelse', 'Start på videresendt besked:'], 'Oprindelig meddelelse'],
  ['no', 'Fra|Sendt|Til|Kopi|Emne', ['Videresendt melding', 'Videresendt melding:'], 'Opprinnelig melding'],
  [
    'fi',
    'Lähettäjä|Lähetetty|Vastaanottaja|Kopio|Aihe',
    ['Välitetty viesti', 'Välitetty viesti alkaa:'],
    'Alkuperäinen viesti',
  ],
  [
    'pl',
    'Od|Wysłano|Do|DW|Temat',
    ['Przekazana wiadomość', 'Początek przekazywanej wiadomości:'],
    'Wiadomość oryginalna',
  ],
  ['cs', 'Od|Odesláno|Komu|Kopie|Předmět', ['Přeposlaná zpráva', 'Začátek přeposílané zprávy:'], 'Původní zpráva'],
  ['sk', 'Od|Odoslané|Komu|Kópia|Predmet', ['Preposlaná správa', 'Začiatok preposlanej správy:'], 'Pôvodná správa'],
  [
    'hu',
    'Feladó|Elküldve|Címzett|Másolatot kap|Tárgy',
    ['Továbbított üzenet', 'Továbbított levél kezdete:'],
    'Eredeti üzenet',
  ],
  ['ro', 'De la|Trimis|Către|Cc|Subiect', ['Mesaj redirecționat', 'Începe mesajul redirecționat:'], 'Mesaj original'],
  [
    'hr',
    'Šalje|Poslano|Prima|Kopija|Predmet',
    ['Proslijeđena poruka', 'Početak proslijeđene poruke:'],
    'Izvorna poruka',
  ],
  ['sl', 'Od|Poslano|Za|Kp|Zadeva', ['Posredovano sporočilo'], 'Izvirno sporočilo'],
  ['bg', 'От|Изпратено|До|Копие|Относно', ['Препратено съобщение'], 'Оригинално съобщение'],
  [
    'ru',
    'От|Отправлено|Кому|Копия|Тема',
    ['Пересылаемое сообщение', 'Начало переадресованного сообщения:'],
    'Исходное сообщение',
  ],
  [
    'uk',
    'Від|Надіслано|Кому|Копія|Тема',
    ['Переслане повідомлення', 'Початок листа, що пересилається:'],
    'Оригінальне повідомлення',
  ],
  ['el', 'Από|Στάλθηκε|Προς|Κοιν|Θέμα', ['Προωθημένο μήνυμα'], 'Αρχικό μήνυμα'],
  ['tr', 'Kimden|Gönderildi|Kime|Bilgi|Konu', ['İletilmiş Mesaj', 'İleti başlangıcı:'], 'Özgün İleti'],
  ['he', 'מאת|נשלח|אל|עותק|נושא', ['הודעה שהועברה'], 'הודעה מקורית'],
  ['ar', 'من|تم الإرسال|إلى|نسخة|الموضوع', ['رسالة معاد توجيهها'], 'الرسالة الأصلية'],
  ['ja', '差出人|送信日時|宛先|CC|件名', ['転送されたメッセージ'], '元のメッセージ'],
  ['zh', '发件人|发送时间|收件人|抄送|主题', ['转发的邮件', '下面是被转发的邮件：'], '原始邮件'],
  ['ko', '보낸 사람|보낸 날짜|받는 사람|참조|제목', ['전달된 메시지'], '원본 메시지'],
  ['vi', 'Từ|Đã gửi|Đến|Cc|Chủ đề', ['Thư được chuyển tiếp'], 'Thư gốc'],
  ['id', 'Dari|Tanggal|Kepada|Cc|Subjek', ['Pesan terusan'], 'Pesan Asli'],
];

const BODY = 'Where is my order?\n\nIt is of April.';
const EMAIL = {
  from: { name: 'Ann Lee', address: 'ann@mail.example' },
  to: [
    { name: null, address: 'help@shop.example' },
    { name: 'Orders', address: 'orders@shop.example' },
  ],
  cc: [{ name: 'Lee, Bo', address: 'bo@mail.example' }],
  subject: 'Order 17: where is it?',
  date: '3.5.2022 10:04',
  body: BODY,
};
const quoted = (text: string): string => text.replace(/^(?=.)/gm, '> ').replace(/^$/gm, '>');

describe.each(LANGUAGES)('in %s', (_, labels, forwarded, original) => {
  const [from, date, to, cc, subject] = labels.split('|');
  const headers = [
    `${from}: Ann Lee <ann@mail.example>`,
    `${date}: 3.5.2022 10:04`,
    `${to}: help@shop.example; "Orders" <orders@shop.example>`,
    `${cc}: "Lee, Bo" <bo@mail.example>`,
    `${subject}: Order 17: where is it?`,
  ];
  const reordered = [4, 1, 0, 2, 3].map((at) => headers[at]).join('\n');
  const asQuoted = { visible: 'Tomorrow.' };

  it('headers end an answer', () => {
    for (const block of [
      headers.join('\n'),
      reordered,
      `________________________________\n${headers.join('\n')}`,
      `-----${original}-----\n${headers.join('\n')}`,
      headers.join('\n').replace(/^([^:]+):/gm, '*$1:*'),
      headers.join('\n').replace('; ', ';\n   '),
      headers.join('\n').replaceAll(': ', '：'),
    ]) {
      expect(parseReply(`Tomorrow.\n\n${block}\n\n${BODY}\n`)).toMatchObject(asQuoted);
    }
    expect(parseReply(`Tomorrow.\n\n-----${original}-----\n\n${BODY}\n`)).toMatchObject(asQuoted);
  });

  it('a forward is read', () => {
    for (const words of forwarded) {
      const separator = words.endsWith(':') || words.endsWith('：') ? words : `---------- ${words} ---------`;
      for (const block of [headers.join('\n'), reordered, headers.join('\n').replace('; ', ';\n   ')]) {
        const found = { forwarded: true, message: 'See below.', email: EMAIL };
        const mail = `${separator}\n${block}\n\n${BODY}\n`;
        expect(parseForward(`See below.\n\n${mail}`, null)).toEqual(found);
        expect(parseForward(`See below.\n\n${quoted(mail)}`, 'Order 17')).toEqual(found);
        expect(parseForward(mail)).toEqual({ ...found, message: null });
      }
    }
  });

  it('a forward is read where its headers have lost their line breaks', () => {
    for (const words of forwarded.filter((one) => !/[:：]$/.test(one))) {
      const glued = `  ----- ${words} ----- ${[0, 2, 3, 1, 4].map((at) => headers[at]).join('')}`;
      expect(parseForward(`See below.\n${glued}\n${BODY}`).email).toEqual(EMAIL);
    }
  });

  it('headers alone are a forward where the subject says so', () => {
    const mail = `See below.\n\n${headers.join('\n')}\n${BODY}`;
    expect(parseForward(mail, 'FW: Order 17')).toEqual({ forwarded: true, message: 'See below.', email: EMAIL });
    expect(parseForward(mail, 'Re: Order 17').forwarded).toBe(false);
  });
});

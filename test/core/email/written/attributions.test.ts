import { describe, expect, it } from 'vitest';
import { parseReply } from '../../../../core/email/written/reply.ts';

/** Attribution lines as programs write them, by language; ⏎ is where a program has wrapped one. */
const ATTRIBUTIONS: [language: string, lines: string[]][] = [
  [
    'en',
    [
      'On Tue, May 3, 2022 at 10:04 AM Ann Lee <ann@shop.example> wrote:',
      'On Tue, May 3, 2022 at 10:04 AM Ann Lee <ann@shop.example>⏎wrote:',
      'On Tuesday, 3 May 2022 at 10:04:11 CEST, Ann Lee <ann@shop.example> wrote:',
      'On 3 May 2022, at 10:04, Ann Lee via Shop Support <⏎ann@shop.example> wrote:',
      'On 03/05/2022 10:04, Ann Lee wrote:',
      'Ann Lee <ann@shop.example> wrote on Tue, 3 May 2022 at 10:04:',
      '------- Original Message -------⏎On Tuesday, May 3rd, 2022 at 10:04 AM, Ann Lee <ann@shop.example> wrote:',
      'At 10:04 AM 5/3/2022, Ann Lee wrote:',
      'Quoting Ann Lee <ann@shop.example>:',
      'On May 3, 2022 10:04, "Ann Lee" <ann@shop.example> wrote:',
    ],
  ],
  [
    'de',
    [
      'Am Di., 3. Mai 2022 um 10:04 Uhr schrieb Ann Lee <ann@shop.example>:',
      'Am Di., 3. Mai 2022 um 10:04 Uhr schrieb Ann Lee <⏎ann@shop.example>:',
      'Am 03.05.2022 um 10:04 schrieb Ann Lee:',
      'Zitat von Ann Lee <ann@shop.example>:',
      'Ann Lee <ann@shop.example> schrieb am Di., 3. Mai 2022, 10:04:',
      'Am Dienstag, 3. Mai 2022 um 10:04:11 MESZ hat Ann Lee <ann@shop.example> Folgendes geschrieben:',
      'Gesendet: Dienstag, 03. Mai 2022 um 10:04 Uhr⏎Von: "Ann Lee" <ann@shop.example>⏎An: ben@mail.example',
    ],
  ],
  [
    'fr',
    [
      'Le mar. 3 mai 2022 à 10:04, Ann Lee <ann@shop.example> a écrit :',
      'Le mar. 3 mai 2022 à 10:04, Ann Lee <ann@shop.example> a⏎écrit :',
      'Le 03/05/2022 à 10:04, Ann Lee a écrit :',
      'Le mardi 3 mai 2022, 10:04:11 UTC+2, Ann Lee <ann@shop.example> a écrit :',
    ],
  ],
  [
    'es',
    [
      'El mar, 3 may 2022 a las 10:04, Ann Lee (<ann@shop.example>) escribió:',
      'El 3/5/22 a las 10:04, Ann Lee escribió:',
      'El martes, 3 de mayo de 2022, 10:04:11 CEST, Ann Lee⏎<ann@shop.example> escribió:',
    ],
  ],
  [
    'it',
    [
      'Il giorno mar 3 mag 2022 alle ore 10:04 Ann Lee <ann@shop.example>⏎ha scritto:',
      'Il 03/05/22 10:04, Ann Lee ha scritto:',
      'Il martedì 3 maggio 2022, 10:04:11 CEST, Ann Lee <ann@shop.example> ha scritto:',
    ],
  ],
  [
    'pt',
    [
      'Em ter., 3 de mai. de 2022 às 10:04, Ann Lee <ann@shop.example>⏎escreveu:',
      'Ann Lee <ann@shop.example> escreveu (terça, 3/05/2022 à(s) 10:04):',
      'Em 03/05/2022 10:04, Ann Lee escreveu:',
    ],
  ],
  [
    'nl',
    [
      'Op di 3 mei 2022 om 10:04 schreef Ann Lee <ann@shop.example>:',
      'Op 3 mei 2022 om 10:04 heeft Ann Lee <ann@shop.example> het volgende geschreven:',
      'Op 03-05-2022 om 10:04 schreef Ann Lee:',
    ],
  ],
  [
    'sv',
    [
      'Den tis 3 maj 2022 kl 10:04 skrev Ann Lee <ann@shop.example>:',
      '3 maj 2022 kl. 10:04 skrev Ann Lee <ann@shop.example>:',
      'Den 2022-05-03 kl. 10:04, skrev Ann Lee:',
    ],
  ],
  [
    'da',
    ['Den tirs. 3. maj 2022 kl. 10.04 skrev Ann Lee <ann@shop.example>:', 'Den 03.05.2022 kl. 10.04 skrev Ann Lee:'],
  ],
  ['no', ['tir. 3. mai 2022 kl. 10:04 skrev Ann Lee <ann@shop.example>:', 'Den 03.05.2022 10:04, skrev Ann Lee:']],
  [
    'fi',
    [
      'ti 3. toukok. 2022 klo 10.04 Ann Lee (ann@shop.example) kirjoitti:',
      'Ann Lee (ann@shop.example) kirjoitti 3.5.2022 klo 10.04:',
    ],
  ],
  [
    'pl',
    [
      'wt., 3 maj 2022 o 10:04 Ann Lee <ann@shop.example> napisał(a):',
      'W dniu 03.05.2022 o 10:04, Ann Lee pisze:',
      'Dnia 3 maja 2022 10:04 Ann Lee <ann@shop.example> napisał(a):',
      'Wiadomość napisana przez Ann Lee <ann@shop.example> w dniu 03.05.2022, o godz. 10:04:',
    ],
  ],
  [
    'cs',
    [
      'út 3. 5. 2022 v 10:04 odesílatel Ann Lee <ann@shop.example> napsal:',
      'Dne 03. 05. 22 v 10:04 Ann Lee napsal(a):',
    ],
  ],
  [
    'sk',
    ['ut 3. 5. 2022 o 10:04 Ann Lee <ann@shop.example> napísal(a):', 'Dňa 3. 5. 2022 o 10:04 Ann Lee napísal(a):'],
  ],
  [
    'hu',
    [
      'Ann Lee <ann@shop.example> ezt írta (időpont: 2022. máj. 3., K, 10:04):',
      '2022. 05. 03. 10:04 keltezéssel, Ann Lee írta:',
    ],
  ],
  ['ro', ['mar., 3 mai 2022 la 10:04, Ann Lee <ann@shop.example> a scris:', 'Pe 03.05.2022 10:04, Ann Lee a scris:']],
  [
    'hr',
    ['uto, 3. svi 2022. u 10:04 Ann Lee <ann@shop.example> napisao je:', 'Dana 03. 05. 2022. u 10:04 Ann Lee piše:'],
  ],
  ['sl', ['V V tor., 3. maj 2022 ob 10:04 je oseba Ann Lee <ann@shop.example> napisala:']],
  ['sr', ['уто, 3. мај 2022. у 10:04 Ann Lee <ann@shop.example> је написао/ла:']],
  ['bg', ['На вт, 3.05.2022 г. в 10:04 Ann Lee <ann@shop.example> написа:']],
  [
    'ru',
    [
      'вт, 3 мая 2022 г. в 10:04, Ann Lee <ann@shop.example>:',
      '03.05.2022, 10:04, "Ann Lee" <ann@shop.example>:',
      'Вторник, 3 мая 2022, 10:04 +03:00 от Ann Lee <ann@shop.example>:',
      '03.05.2022 10:04, Ann Lee пишет:',
    ],
  ],
  ['uk', ['вт, 3 трав. 2022 р. о 10:04 Ann Lee <ann@shop.example> пише:', '03.05.22 10:04, Ann Lee пише:']],
  [
    'el',
    [
      'Στις Τρί 3 Μαΐ 2022 στις 10:04 π.μ., ο χρήστης Ann Lee <ann@shop.example> έγραψε:',
      'Στις 3/5/22 10:04, ο/η Ann Lee έγραψε:',
    ],
  ],
  [
    'tr',
    [
      'Ann Lee <ann@shop.example>, 3 May 2022 Sal, 10:04 tarihinde şunu yazdı:',
      '3.05.2022 10:04 tarihinde Ann Lee yazdı:',
    ],
  ],
  ['he', ['‫בתאריך 3 במאי 2022 ב-10:04 מאת ‪Ann Lee‬‏ <‪ann@shop.example‬‏>:‬', 'ב-03/05/2022 10:04, Ann Lee כתב:']],
  [
    'ar',
    [
      'في الثلاثاء، 3 مايو 2022 في 10:04 ص تمت كتابة ما يلي بواسطة Ann Lee <ann@shop.example>:',
      'في ٣/٥/٢٠٢٢ ١٠:٠٤ ص، كتب Ann Lee:',
    ],
  ],
  ['fa', ['در سه‌شنبه ۳ مه ۲۰۲۲ ساعت ۱۰:۰۴ Ann Lee <ann@shop.example> نوشت:']],
  ['hi', ['मंगल, 3 मई 2022 को 10:04 am बजे को Ann Lee <ann@shop.example> ने लिखा:']],
  [
    'ja',
    [
      '2022年5月3日(火) 10:04 Ann Lee <ann@shop.example>:',
      '2022/05/03 10:04、Ann Lee <ann@shop.example>のメール:',
      'On 2022/05/03 10:04, Ann Lee wrote:',
    ],
  ],
  [
    'zh',
    [
      'Ann Lee <ann@shop.example> 于2022年5月3日周二 10:04写道：',
      '在 2022年5月3日，10:04，Ann Lee <ann@shop.example> 写道：',
      'Ann Lee <ann@shop.example> 於 2022年5月3日 週二 上午10:04寫道：',
      'At 2022-05-03 10:04:11, "Ann Lee" <ann@shop.example> wrote:',
    ],
  ],
  [
    'ko',
    [
      '2022년 5월 3일 (화) 오전 10:04, Ann Lee <ann@shop.example>님이 작성:',
      '2022. 5. 3. 오전 10:04에 Ann Lee 이(가) 쓴 글:',
    ],
  ],
  ['vi', ['Vào Th 3, 3 thg 5, 2022 vào lúc 10:04 Ann Lee <ann@shop.example> đã viết:']],
  ['th', ['ในวันที่ อ. 3 พ.ค. 2022 เวลา 10:04 Ann Lee <ann@shop.example> เขียนว่า:']],
  ['id', ['Pada tanggal Sel, 3 Mei 2022 pukul 10.04 Ann Lee <ann@shop.example> menulis:']],
  ['ms', ['Pada Sel, 3 Mei 2022 pada 10:04 PG Ann Lee <ann@shop.example> menulis:']],
  ['ca', ['Missatge de Ann Lee <ann@shop.example> del dia dt., 3 de maig 2022 a les 10:04:']],
  ['et', ['Ann Lee <ann@shop.example> kirjutas kuupäeval T, 3. mai 2022 kell 10:04:']],
  ['lv', ['otrd., 2022. g. 3. maijs, plkst. 10:04 — lietotājs Ann Lee (<ann@shop.example>) rakstīja:']],
  ['lt', ['2022-05-03, an, 10:04 Ann Lee <ann@shop.example> rašė:']],
  ['is', ['Þann þri., 3. maí 2022 kl. 10:04 skrifaði Ann Lee <ann@shop.example>:']],
  [
    'languages of which the table has little or nothing',
    [
      'Mnamo Jum, 3 Mei 2022 saa 10:04 Ann Lee <ann@shop.example> aliandika:',
      'Noong Mar, Mayo 3, 2022 nang 10:04 AM, sinulat ni Ann Lee <ann@shop.example> ang:',
      'Op Di. 3 Mei 2022 om 10:04 het Ann Lee <ann@shop.example> geskryf:',
      'মঙ্গল, ৩ মে, ২০২২ তারিখে ১০:০৪ AM টায় তারিখে Ann Lee <ann@shop.example> লিখেছেন:',
      'செவ்., 3 மே, 2022, முற்பகல் 10:04 அன்று, Ann Lee <ann@shop.example> எழுதியது:',
      'Tra 3 2022 mai 10:04 Ann Lee <ann@shop.example> xyzzy:',
    ],
  ],
  [
    'what programs vary',
    [
      'Ann Maria Lee 3.05.2022 10:04 tarihinde yazdı:',
      'Ann Lee 於 2022/5/3 上午 10:04 寫道:',
      'Dne 3. 5. 22 ob 10:04 je Ann Lee napisal(a):',
      '    Le mardi 3 mai 2022 à 10:04:11 UTC+2, Ann Lee <ann@shop.example> a écrit :',
      '>>> Ann Lee <ann@shop.example> 3.5.2022 10:04 >>>',
      '>>> "Ann Lee" 05/03/22 10:04 AM >>>',
      '---- On Tue, 03 May 2022 10:04:11 +0200 Ann Lee <ann@shop.example> wrote ---',
    ],
  ],
];

const QUOTED = 'When will it come?\n\nThe order is of April.';
const marked = QUOTED.replace(/^/gm, '> ');

describe.each(ATTRIBUTIONS)('an attribution in %s', (_, attributions) => {
  it.each(attributions)('%s', (lines) => {
    const attribution = lines.replaceAll('⏎', '\n');
    const reply = (quotation: string) => parseReply(`Tomorrow.\n\n${attribution}\n\n${quotation}\n`).visible;
    expect(reply(marked)).toBe('Tomorrow.');
    expect(reply(QUOTED), 'where the quotation has no marks').toBe('Tomorrow.');
    expect(parseReply(`Tomorrow.\n${attribution}\n${marked}\n\nThanks a lot`).visible).toBe(
      'Tomorrow.\n\nThanks a lot',
    );
  });
});

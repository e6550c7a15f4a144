/** How answers that programs write by themselves begin their subjects, in many languages. */
import { oneOf } from './one-of.ts';

const WORDS = String.raw`
  auto(?:matic|mated)?[- ]?(?:reply|response|responder|respond|respons|answer|message)|vacation (?:reply|message|notice)
  out of (?:the )?office|\booo\b|away from (?:my |the )?(?:mail|desk|office|email)
  on (?:vacation|holidays?|annual leave|maternity leave|leave)
  automatische antwort|autoantwort|abwesen(?:d|heit)[a-zäöüß-]*|nicht im (?:büro|haus)|außer haus|eingangsbestätigung
  automatische? (?:generiert|erstellt)[a-z]*|automatisch (?:generiert|erstellt)[a-z]*
  réponse automatique|(?:je suis )?absen(?:t|te|ce)(?: du bureau)?|message d['’]absence|en congés?|accusé de réception
  respuesta automática|fuera de (?:la )?oficina|ausen(?:te|cia)|mensaje automático|acuse de recibo|resposta automàtica
  resposta automática|ausência|fora do escritório|de férias
  risposta automatica|fuori (?:sede|ufficio)|assen(?:za|te)|in ferie
  automatisch antwoord|afwezig(?:heid)?[a-z]*|niet aanwezig
  autosvar|automatiskt? svar|frånvar(?:o|ande)[a-z]*|fravær[a-z]*|ikke til stede|sjálfvirkt svar
  automaattinen vastaus|poissa(?:olo)?[a-zä]*(?: toimistolta)?|automaat(?:ne )?vastus|automātisk[aā] atbilde
  automatinis atsakymas|automatyczna odpowiedź|odpowiedź automatyczna|autoodpowiedź|nieobecnoś[a-zć]*
  poza biurem
  automatická odpov[eě][dď]|mimo kancelář|nepřítomnost|neprítomnosť|automatikus válasz|házon kívül|távollét
  răspuns automat|automatski odgovor|odsutnost|samodejni odgovor|аутоматски одговор|автоматичен отговор
  автоматический ответ|автоответ|отсутству[а-я]*|в отпуске|не в офисе|автоматична відповідь|автовідповідь
  відсутн(?:ій|я)(?: на роботі)?|αυτόματη απάντηση|εκτός γραφείου
  otomatik (?:yanıt|cevap)|ofis dışında(?:yım)?|erantzun automatikoa|स्वचालित (?:उत्तर|जवाब)|स्वतः उत्तर
  balasan (?:otomatis|automatik)|jawapan automatik|trả lời tự động|ตอบกลับอัตโนมัติ
  自動(?:返信|応答|回覆|回复|回應)|自动(?:回复|答复|回覆|应答)|不在(?:通知|の(?:お)?知らせ|のため|连絡)|不在办公室|外出中
  (?:부재\s?중 )?자동\s?(?:회신|응답|답장)|부재\s?중|رد تلقائي|الرد التلقائي|خارج المكتب
  (?:תשובה|מענה) אוטומטית?|מחוץ למשרד|پاسخ خودکار
`;

/** The subject as a whole, or before what it answers: whoever writes of such a thing goes on differently. */
export const AUTO_REPLY_SUBJECT = oneOf(
  WORDS,
  (words) =>
    String.raw`^\s*(?:${[
      String.raw`[\[(<*【]+(?:${words})[\])>*】]`,
      String.raw`(?:${words})\s*(?:[:：;\-–—|,(\[]|re\b|$)`,
      'auto: *(?:re|aw|sv|fwd?|wg):',
    ].join('|')})`,
);
export const AUTO_REPLY_WORDS = oneOf(WORDS);

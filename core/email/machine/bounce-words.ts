/** What mail servers say of mails that they could not deliver, in the languages they say it. */
import { oneOf } from './one-of.ts';

export const BOUNCE_SUBJECT = oneOf(String.raw`
  undeliver(?:ed|able)|nondeliverable|non[- ]?delivery|\bndr\b|not delivered
  unable to deliver|could ?n[o']t be delivered
  returned (?:mail|to sender)|return(?:ing|ed) message|mail (?:could not|cannot) be|failure notice|rejected|bounced?\b
  deliver(?:y|ing)(?: of)?(?: your| the)?(?: mail| message| status)?(?: has)?[ -]*(?:notification|fail|error|problem)
  delivery (?:status )?report
  (?:mail|message|e-?mail)[ -](?:deliver\w*|system|sending)?[ -]*(?:status|fail|error|warning)|error sending your
  loop (?:alert|back)|mail loop|(?:not member|ignored) article|reject mail
  unzustellbar|nicht zugestellt|fehlgeschlagene zustellung|zustellung fehlgeschlagen
  non remis|non délivr|non distribu|échec de (?:la )?(?:remise|distribution)
  no (?:se )?(?:ha podido|pudo) entregar|no entregad|imposible entregar|fallo (?:en la|de) entrega|devuelto
  mancato recapito|non recapitat|mancata consegna|não (?:foi )?entregue|falha na entrega|devolvid
  onbestelbaar|niet bezorgd|kan niet worden bezorgd|kunde inte levereras|olevererbart|ikke lever
  toimitus epäonnistui|ei voitu toimittaa|nie (?:została )?dostarczon|niedostarczon|nedoručen|kézbesíthetetlen
  nelivrat|teslim edilemedi|iletilemedi|не доставлен|недоставлен|не удалось доставить|невозможно доставить
  配信(?:不能|エラー|できません|に失敗|できな)|送信(?:エラー|できません|に失敗)|エラーメール|戻りました|未送達
  无法(?:投递|送达|传递)|退信|投递失败|无法发送|未送达|無法(?:遞送|傳遞)|전송 ?실패|배달되지|반송|배달할 수 없
  non recapitabile|no se puede entregar|não é possível entregar|remise impossible|não pôde ser entregue
  (?:kan inte|kan ikke) lever|går inte att leverera|ei voi(?:da)? toimittaa|niedostarczaln|nedoručit|nedoručiteľn
  nelivrabil|nije (?:moguće isporučiti|isporučen)|ni mogoče dostaviti|nepristatyt|nav piegādāj|edastamatu
  δεν είναι δυνατή η παράδοση|μη παραδόσιμ|δεν παραδόθηκε|לא ניתן למסירה|לא נמסר|غير قابل للتسليم|تعذر التسليم
  ไม่สามารถส่ง|ส่งไม่ได้|không thể gửi|không gửi được|không chuyển được|tidak (?:dapat )?(?:terkirim|dikirim)
  не удается доставить|не вдалося доставити|неможливо доставити|недоставим
`);

export const BOUNCE_WORDS = oneOf(String.raw`
  could ?n[o']t be (?:\w+ )?(?:delivered|sent)|(?:could|was|were) not (?:be )?(?:\w+ )?(?:delivered|sent|reach)
  (?:can ?not|can't|unable to|not able to|wasn't able to|failed to|trouble) (?:be )?(?:deliver|sent)|did ?n[o']t reach
  delivery (?:to|of|for|has|failed|attempt|error)[^.\n]{0,80}(?:fail|delay|error|unsuccessful|not)|undeliver
  returned (?:below|to sender|mail|message)|permanent(?:ly)? (?:error|fail|fatal)|fatal errors
  transcript of session|unsent message|failed addresses|invalid final delivery|failure reasons|no valid recipients
  (?:following|these) (?:address|recipient)[^.\n]{0,60}(?:fail|error|problem|reject|affected)
  (?:delivering|attempting to deliver|trying to deliver)|this message was created automatically by mail
  mailbox is full|user unknown|unknown user|no such user|rejected recipient|account is (?:disabled|over quota)
  the group you tried to contact|duplicated message-id
  nicht (?:zugestellt|übermittelt)|konnte (?:ihre|die) (?:nachricht|e-?mail)[^.\n]{0,60}nicht
  n'a pas pu être (?:remis|délivré|distribué|envoyé)
  no (?:se )?(?:ha podido|pudo|puede)[^.\n]{0,30}(?:entregar|enviar)
  non (?:è stato possibile|può essere)[^.\n]{0,30}(?:recapit|consegn)|não (?:foi possível|pôde ser) (?:entreg|envi)
  не (?:может быть|было|удалось|была)[^.\n]{0,20}достав
  送信できません|送信に失敗|配信できません|お届けできません|配達できません|届けることができません|送達できません
  无法(?:投递|送达)|無法(?:遞送|傳送)|배달(?:되지|할 수)|전송(?:되지|하지)
`);

/** Delays, by their own words only: what is returned may tell of a train. */
export const DELAY_SUBJECT = oneOf(String.raw`
  \(delay(?:ed)?\)|delivery (?:has been |is )?delayed|still being retried
  ^\W*(?:delayed mail|mail delivery delayed|message delayed|delayed delivery)
  ^\W*warning: (?:could not send|message|e-?mail)[^\n]{0,60}(?:past|delayed|not)
  ^\W*(?:zustellung verzögert|verzögerte|remise différée|retraso en la entrega)
`);

export const DELAY_WORDS = oneOf(`
  (?:has been|is|was) delayed|delivery (?:is |has been )?delayed|could not send message for (?:the )?past
  will (?:be retried|keep trying|continue (?:to try|trying)|retry)|still being (?:retried|tried)
  warning message only|not yet (?:been )?delivered|(?:not|n[o']t) need to resend
  wird weiter(?:hin)? versucht|verzögert|a été différé|se ha retrasado|доставка задерж|遅延しています
`);

export const GIVEN_UP = oneOf(`
  permanent (?:error|fail)|giv(?:en|ing) up|failed permanently|will not be (?:retried|delivered)|undeliverable
  has expired|message expired|too long in (?:the )?queue|in the queue too long
`);

/** Where what was sent begins: with a line that says so, or with the lines that every mail gets on its way. */
export const RETURNED_MAIL = oneOf(String.raw`
  ^[ \t>|]{0,20}(?:received|return-path|x-received|dkim-signature|arc-seal|x-google-smtp-source)[ \t]{0,4}:
  ^[^a-z\n]{0,80}[ \t\w,]{0,40}copy of (?:the|your) (?:original )?(?:mail|message)
  ^[^a-z\n]{0,80}(?:original|returned|unsent|your) (?:mail|message)(?: headers?| info| text)?[^a-z\n]{0,40}(?:follows|$)
  ^[^a-z\n]{0,80}(?:original mail info|message (?:headers?|text) follows?)
  ^[^a-z\n]{0,80}(?:the )?headers? of the original message
`);

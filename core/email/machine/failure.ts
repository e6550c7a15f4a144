/** One recipient whom a mail did not reach, and whether there is any use in trying again. */

import { oneOf } from './one-of.ts';

export interface Failure {
  /** In lower case; empty where nothing says whom. */
  address: string;
  /** RFC 3463; `5.0.0` where only that it failed is known. */
  status: string;
  /** `hard`: mail to this address will never arrive. `soft`: this mail did not, another may. */
  kind: 'hard' | 'soft';
}

/** RFC 3463 §3.2 to §3.5, the permanent ones that are about the address and not about this mail or this moment. */
const HARD = /^5\.(?:1\.(?:0|1|2|3|4|6|9|10)|2\.(?:0|1)|4\.4|5\.0|0\.0|7\.(?:17|18))$/;

/** What they call somebody whom a mail is for. */
const NAMES = '(?:user|recipient|mail ?box|account|address|name|alias|addressee|person|userid|destination)';

/** What servers mean, by what they say: the first that fits. */
const MEANINGS: [status: string, words: RegExp][] = [
  // What Exchange Online says of users it does not have.
  ['5.1.1', /5\.4\.1 recipient address rejected: access denied/i],
  [
    '5.2.2',
    oneOf(String.raw`
      over ?quota|quota (?:exceeded|full)|exceed\w* (?:\w+ ){0,3}(?:quota|storage|mailbox size)|out of storage
      (?:mail ?box|inbox|account|disk)\W{1,3}(?:is |has been )?(?:too )?full|full mailbox|mailbox (?:size )?limit
      not enough (?:disk|storage|space)|insufficient (?:disk|storage|system storage)|容量|いっぱい|переполнен
    `),
  ],
  [
    '5.2.1',
    oneOf(String.raw`
      ${NAMES}(?:\(s\))?\W{1,3}(?:\w+ ){0,3}(?:disabled|deactivated|suspended|inactive)
      ${NAMES}\W{1,3}(?:\w+ ){0,3}(?:closed|discontinued|locked|not active|on hold)
      (?:disabled|inactive|suspended) (?:user|account|mailbox|recipient)
    `),
  ],
  [
    '5.1.2',
    oneOf(String.raw`
      (?:host|domain|exchanger)(?: name)?\W{1,3}(?:\S+ ){0,2}?(?:unknown|not (?:found|exist)|does ?n[o']t exist|invalid)
      (?:unknown|invalid|no such|unrouteable|bad) (?:mail )?(?:host|domain)|nxdomain|no (?:mx|a record|dns)
      (?:couldn't|could not|can't|cannot|unable to) (?:find|resolve) (?:\w+ ){0,3}(?:host|domain|exchanger|mx|server|ip)
      host name lookup fail|name or service not known|misspelled domain
    `),
  ],
  [
    '5.1.1',
    oneOf(String.raw`
      ${NAMES}(?:'s| in)?\W{1,3}(?:\S+ ){0,5}?(?:unknown|invalid|unavailable|no longer|has moved|不明)
      ${NAMES}(?:'s| in)?\W{1,3}(?:\S+ ){0,5}?not (?:found|exist|known|recogni[sz]ed|listed|valid|available|local|match)
      ${NAMES}(?:'s| in)?\W{1,3}(?:\S+ ){0,5}?(?:do(?:es)? ?n[o']t (?:exist|match)|(?:could|was) ?n[o']t (?:be )?found)
      (?:unknown|invalid|bad|no such|non-?existent|unrouteable|undeliverable|illegal) (?:\w+ ){0,3}${NAMES}
      not a (?:known|valid|local) ${NAMES}|no ${NAMES}s? (?:here|found|by that name|with that|matches)|not listed in
      no one (?:here )?by that name|does ?n[o']t have an? .{1,40} account
      見つかりません|存在しません|リストにありません|не существует|не найден|unbekannt|nicht gefunden|existiert nicht
      n'existe pas|inconnu|no existe|desconocid|inesistente|sconosciuto|não existe|bestaat niet
    `),
  ],
  [
    '5.3.4',
    oneOf(String.raw`(?:message|mail|size)\W{1,3}(?:\S+ ){0,4}?(?:too (?:large|big|long)|exceed)|message size`),
  ],
  [
    '5.7.1',
    oneOf(`
      spam|blocked|block ?list|black ?list|denied|policy|virus|reputation|dmarc|dkim|spf|refused|unsolicited|relay
      not (?:permitted|allowed|authori[sz]ed)
    `),
  ],
  [
    '4.4.7',
    oneOf(String.raw`
      (?:queue|delivery|retry) (?:\w+ ){0,3}(?:too long|expired|time ?out)|expired|timed? ?out|deferred|temporar
      try again|connection (?:reset|lost)|(?:un|not )reachable|greylist
    `),
  ],
  ['5.4.6', oneOf(`loop|too many hops|hop count`)],
];

/** RFC 5321 §4.2.3 has codes that say whether it was the address. */
const SMTP_MEANINGS: Record<string, string> = { '550': '5.1.1', '551': '5.1.6', '552': '5.2.2', '553': '5.1.3' };

const ENHANCED = /(?<![\d.])([45])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)/;
const SMTP_CODE = /(?<!\d:)(?<![\d.[(#-])([45][0-5]\d)(?=[\s:,\-<]|$)/;

/** `status` as a report has it, or null; `words` is what the server that refused it said. */
export function failureOf(address: string, status: string | null, words: string): Failure {
  const told = statusOf(status ?? '') ?? null;
  const said = statusOf(words);
  const smtp = SMTP_CODE.exec(words)?.[1];
  const meaning = MEANINGS.find(([, pattern]) => pattern.test(words))?.[0] ?? null;
  const vague = (one: string | null): boolean => one === null || /^[45]\.(?:0\.0|5\.\d+)$/.test(one);
  const precise = !vague(told) ? told : !vague(said) ? said : null;
  const guessed = meaning ?? SMTP_MEANINGS[smtp ?? ''] ?? null;
  const family = (told ?? said ?? smtp ?? guessed ?? '5').charAt(0);
  const reported = precise ?? told ?? said ?? (guessed === null ? `${family}.0.0` : `${family}${guessed.slice(1)}`);
  // What a vague status means, and what a policy code hides: both 5.7.1 and 5.0.0 are said of users nobody knows.
  const meant =
    precise === null || /^5\.(?:7\.[01]|4\.1)$/.test(precise) ? (meaning ?? precise ?? guessed ?? reported) : precise;
  // Whoever says nothing at all is not believed that it is for good.
  const isKnown = told !== null || said !== null || smtp !== undefined || meaning !== null;
  const isHard = isKnown && family === '5' && HARD.test(meant);
  return { address: address.toLowerCase(), status: reported, kind: isHard ? 'hard' : 'soft' };
}

function statusOf(text: string): string | null {
  const [, family, subject, detail] = ENHANCED.exec(text) ?? [];
  return family === undefined ? null : `${family}.${Number(subject)}.${Number(detail)}`;
}

/** The lines that a reader of HTML sees, with what the containers of mail programs say about them. */
import { attributionAt } from './attribution.ts';
import { headerBlockAt } from './header-block.ts';
import type { Token } from './html-tokens.ts';
import { aLine, type Line, nextFilled } from './lines.ts';

export interface HtmlLine extends Line {
  /** The tokens of its text, from the first to behind the last; equal for a line without. */
  from: number;
  to: number;
}

/** So many plain blockquotes are asked whether they quote a mail. */
const QUOTES_MAX = 50;
/** Stands for an image: an answer may be one. */
export const IMAGE = '\ufffc';

const BLOCKS = new Set(
  (
    'address article aside blockquote body center dd div dl dt fieldset figure footer form h1 h2 h3 h4 h5 h6 header ' +
    'hr li main nav ol p pre section table tbody thead tr ul br'
  ).split(' '),
);
const PARAGRAPHS = new Set('p ul ol table blockquote pre h1 h2 h3 h4 h5 h6'.split(' '));

type Role = 'quotation' | 'attribution' | 'signature' | 'quote' | 'mailbox';

/** What programs name their containers: maybe among others, in a class, and behind x_ each time Outlook quoted it. */
const named = (names: string): RegExp =>
  new RegExp(`\\b(?:id|class|name)\\s*=\\s*["']?(?:[^"'>]{0,80}[\\s])?(?:x_){0,9}(?:${names})(?=["'\\s>]|$)`, 'i');
const ROLES: [role: Role, tag: RegExp][] = [
  [
    'attribution',
    named('moz-cite-prefix|gmail_attr|reply-intro|divRplyFwdMsg|OutlookMessageHeader|tutanota_quote_header'),
  ],
  ['attribution', /data-marker\s*=\s*["']?__HEADERS__/],
  ['quotation', /data-marker\s*=\s*["']?__QUOTED_TEXT__/],
  ['attribution', /border-top:\s*(?:solid\s+#?(?:B5C4DF|E1E1E1)|#?(?:B5C4DF|E1E1E1)\s+)/i],
  [
    'quotation',
    named(
      'yahoo_quoted(?:_\\d+)?|ydp[0-9a-f]+yahoo_quoted|protonmail_quote|zmail_extra|' +
        'OLK_SRC_BODY_SECTION|tutanota_quote|' +
        'mail-editor-reference-message-container|isReplyContent|ms-outlook-mobile-reference-message|quote|' +
        'WM_quote|mailru-quote|front-blockquote|replied-quote|mail_quote|quoted-mail',
    ),
  ],
  [
    'signature',
    named(
      'gmail_signature|moz-signature|Signature|ms-outlook-mobile-signature|protonmail_signature_block|signature|' +
        'tutanota-signature|x-apple-signature|yahoo-signature',
    ),
  ],
  ['mailbox', named('gmail_quote|gmail_quote_container')],
];
const CITED = /\btype\s*=\s*["']?cite/i;

function roleOf({ name, text }: Token, isInMailbox: boolean): Role | undefined {
  // Outside of its container Gmail's blockquote is also what it indents with.
  if (name === 'blockquote' && (CITED.test(text) || (isInMailbox && text.includes('gmail_quote')))) return 'quotation';
  const role = text.length <= name.length ? undefined : ROLES.find(([, tag]) => tag.test(text))?.[0];
  return name === 'blockquote' && (role === undefined || role === 'mailbox') ? 'quote' : role;
}

/** The lines of a token list; those between its blocks, and those that `<br>` ends. */
export function htmlLinesOf(tokens: Token[]): HtmlLine[] {
  const lines = new LineWriter();
  const quotes: [from: number, to: number][] = [];
  const open: { role: Role; pair: number; line: number }[] = [];
  for (const [at, token] of tokens.entries()) {
    if (token.kind === 'text') {
      if (token.text === '\n') lines.end();
      else lines.write(at, token.text);
      continue;
    }
    if (token.kind === 'other') continue;
    if (BLOCKS.has(token.name)) lines.end(token.name !== 'br' && PARAGRAPHS.has(token.name));
    if (token.name === 'br') lines.write(at, '', true);
    if (token.name === 'img') lines.write(at, IMAGE);
    if (token.name === 'td' || token.name === 'th') lines.write(at, ' ');
    if (token.kind === 'open' && token.pair >= 0) {
      const role = roleOf(token, lines.isIn('mailbox'));
      if (role !== undefined) open.push({ role, pair: token.pair, line: lines.count });
      if (role !== undefined) lines.enter(role);
    }
    while (open.at(-1) !== undefined && (open.at(-1)?.pair ?? 0) <= at) {
      const left = open.pop();
      if (left === undefined) break;
      lines.leave(left.role);
      const isOutermost = open.every(({ role }) => role !== 'quote');
      if (left.role === 'quote' && isOutermost && quotes.length < QUOTES_MAX) quotes.push([left.line, lines.count]);
    }
  }
  lines.end();
  for (const quote of quotes) markQuote(lines.list, quote);
  return lines.list;
}

class LineWriter {
  readonly list: HtmlLine[] = [];
  readonly #roles = new Map<Role, number>();
  #text = '';
  #from = -1;
  #to = -1;
  #isNewMailbox = false;

  get count(): number {
    return this.list.length;
  }

  enter(role: Role): void {
    this.#roles.set(role, (this.#roles.get(role) ?? 0) + 1);
    if (role === 'mailbox') this.#isNewMailbox = true;
    if (role === 'quotation') this.#introduce();
  }

  leave(role: Role): void {
    this.#roles.set(role, (this.#roles.get(role) ?? 1) - 1);
  }

  write(at: number, text: string, isEnd = false): void {
    if (this.#from < 0) this.#from = at;
    this.#to = at + 1;
    this.#text += text;
    if (isEnd) this.#push();
  }

  /** Ends the line that is begun; a paragraph's end also is a blank line. */
  end(isParagraph = false): void {
    if (this.#from >= 0) this.#push();
    const last = this.list.at(-1);
    if (isParagraph && last !== undefined && !last.isBlank)
      this.list.push({ ...aLine(''), from: last.to, to: last.to });
  }

  #push(): void {
    const text = this.#text.replace(/[\s\u00a0]+/g, ' ').trim();
    const line: HtmlLine = { ...aLine(text), from: this.#from, to: this.#to };
    if (this.isIn('quotation')) line.isQuoted = true;
    else if (this.isIn('attribution')) line.hint = 'attribution';
    else if (this.isIn('signature')) line.hint = 'signature';
    [this.#text, this.#from, this.#to] = ['', -1, -1];
    if (line.isBlank && this.list.at(-1)?.isBlank) {
      const last = this.list.at(-1);
      if (last !== undefined) last.to = Math.max(last.to, line.to);
      return;
    }
    this.list.push(line);
  }

  isIn(role: Role): boolean {
    return (this.#roles.get(role) ?? 0) > 0;
  }

  /** The first line of Gmail's container introduces the quotation in it, in whatever language. */
  #introduce(): void {
    if (!this.#isNewMailbox) return;
    this.#isNewMailbox = false;
    this.end();
    const last = this.list.findLast((line) => !line.isBlank);
    if (last !== undefined && !last.isQuoted && /[:：]$/.test(last.text) && /\d/.test(last.text)) {
      last.hint = 'attribution';
    }
  }
}

/** A plain blockquote quotes a mail where an attribution introduces it or stands in it; else it is the writer's. */
function markQuote(lines: HtmlLine[], [from, to]: [number, number]): void {
  const inside = lines.slice(from, to);
  const before = inside.map((line) => line.isQuoted);
  const holdsOne = inside.slice(0, 12).some((_, offset) => isIntroduction(lines, from + offset));
  mark(inside, () => true);
  const isQuotation = holdsOne || [1, 2, 3, 4].some((back) => introducesAt(lines, from - back, from));
  if (!isQuotation) mark(inside, (offset) => before[offset] ?? false);
}

function mark(lines: Line[], isQuoted: (offset: number) => boolean): void {
  for (const [offset, line] of lines.entries()) line.isQuoted = isQuoted(offset);
}

function isIntroduction(lines: HtmlLine[], at: number): boolean {
  return attributionAt(lines, at) !== null || headerBlockAt(lines, at) !== null;
}

function introducesAt(lines: HtmlLine[], at: number, quote: number): boolean {
  if (lines[at]?.isBlank !== false) return false;
  if (lines[at]?.hint === 'attribution') return true;
  const found = attributionAt(lines, at);
  return found !== null && nextFilled(lines, at + found.length) >= quote;
}

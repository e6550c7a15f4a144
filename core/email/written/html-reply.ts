/** What the person wrote, of a reply in HTML. */
import { type HtmlLine, htmlLinesOf, IMAGE } from './html-lines.ts';
import { type Token, tokensOf } from './html-tokens.ts';
import { partsOf } from './quotation.ts';
import type { ReplyOptions } from './reply.ts';

export interface WrittenHtml {
  /** A part of the source, with its tags in balance where the source has them so. It is as harmful as the source. */
  html: string;
  /** The words of that part, line by line. */
  text: string;
  /** What was cut, each a part of the source too. */
  hidden: { what: 'quotation' | 'signature'; html: string }[];
}

/**
 * The new part of a reply by the same rules as of text (`partsOf`), and by the containers that mail programs put
 * quotations in. Time: linear, and bounded (`tokensOf`).
 */
export function parseReplyHtml(html: string, { signature, sender }: ReplyOptions = { signature: 'keep' }): WrittenHtml {
  const { list, end } = tokensOf(html);
  const lines = htmlLinesOf(list);
  const { parts } = partsOf(lines, signature, sender);
  const isHidden = new Uint8Array(list.length);
  const hidden: WrittenHtml['hidden'] = [];
  for (let at = 0; at < lines.length; at++) {
    const what = parts[at];
    if (what === undefined || what === 'written') continue;
    const first = lines[at];
    while (parts[at + 1] === what) at += 1;
    const isLast = at === lines.length - 1;
    const range = widened(list, first?.from ?? 0, isLast ? list.length : (lines[at]?.to ?? 0));
    hide(list, isHidden, range);
    const last = isLast && end < html.length ? html.length : (list[range[1] - 1]?.end ?? 0);
    hidden.push({ what, html: html.slice(list[range[0]]?.start ?? 0, last) });
  }
  const shown = list.filter((_, at) => isHidden[at] === 0).map(({ start, end: to }) => html.slice(start, to));
  const isRestHidden = parts.at(-1) !== undefined && parts.at(-1) !== 'written';
  return {
    html: shown.join('') + (isRestHidden ? '' : html.slice(end)),
    text: textOf(lines.filter((_, at) => parts[at] === 'written')),
    hidden,
  };
}

/** With the tags and the white space around that hold nothing else. */
function widened(list: Token[], from: number, to: number): [from: number, to: number] {
  let [start, end] = [from, to];
  while (start > 0 && isEmpty(list[start - 1], 'open')) start -= 1;
  while (end < list.length && isEmpty(list[end], 'close')) end += 1;
  return [start, end];
}

function isEmpty(token: Token | undefined, kind: 'open' | 'close'): boolean {
  if (token === undefined) return false;
  if (token.kind === 'text') return token.text.trim() === '';
  return token.kind === kind && token.name !== 'img' && token.name !== 'body' && token.name !== 'html';
}

/** All in a range but the tags of elements that reach beyond it. */
function hide(list: Token[], isHidden: Uint8Array, [from, to]: [number, number]): void {
  for (let at = from; at < to; at++) {
    const token = list[at];
    const isWithin = token !== undefined && (token.pair < 0 || (token.pair >= from && token.pair < to));
    if (token?.kind === 'text' || isWithin) isHidden[at] = 1;
  }
}

function textOf(lines: HtmlLine[]): string {
  return lines
    .map(({ text }) => text.replaceAll(IMAGE, ''))
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

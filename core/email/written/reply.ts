/**
 * What the person wrote: the new text of a reply, without the quotation below it and, by policy, without the
 * signature. Nothing is lost: what was cut comes along, so that it can be offered beside.
 */
import { linesOf } from './lines.ts';
import { type Part, partsOf } from './quotation.ts';
import type { SignaturePolicy } from './signature.ts';

interface HiddenText {
  what: Exclude<Part, 'written'>;
  text: string;
}

export interface Written {
  visible: string;
  /** What was cut, in its order. */
  hidden: HiddenText[];
}

export interface ReplyOptions {
  signature: SignaturePolicy;
  /** The sender's name, with which a signature may begin. */
  sender?: string;
}

/**
 * Its lines are lines of the text, whole and in their order; only the line that an attribution shares with an answer
 * ends early. Line ends are line feeds, blank lines at the edges are gone. Time: linear, and bounded (`linesOf`).
 */
export function parseReply(text: string, { signature, sender }: ReplyOptions = { signature: 'keep' }): Written {
  const lines = linesOf(text);
  const { parts, columns } = partsOf(lines, signature, sender);
  const visible: string[] = [];
  const hidden: { what: HiddenText['what']; lines: string[] }[] = [];
  let lastPart: Part = 'written';
  for (const [at, line] of lines.entries()) {
    const part = parts[at] ?? 'written';
    const column = columns.get(at);
    if (part !== 'written') {
      if (part !== lastPart) hidden.push({ what: part, lines: [] });
      hidden.at(-1)?.lines.push(line.text);
    } else if (column !== undefined) {
      visible.push(line.text.slice(0, column).replace(/[\s-]+$/, ''));
      hidden.push({ what: 'quotation', lines: [line.text.slice(column)] });
    } else if (!line.isBlank || !isAfterCut(parts, at) || visible.at(-1)?.trim() !== '') visible.push(line.text);
    lastPart = column === undefined ? part : 'quotation';
  }
  return {
    visible: trimmed(visible),
    hidden: hidden.map(({ what, lines: cut }) => ({ what, text: cut.join('\n') })),
  };
}

function isAfterCut(parts: Part[], at: number): boolean {
  return at > 0 && parts[at - 1] !== 'written';
}

/** Without blank lines at both ends. */
function trimmed(lines: string[]): string {
  const start = lines.findIndex((line) => line.trim() !== '');
  const end = lines.findLastIndex((line) => line.trim() !== '');
  return start < 0
    ? ''
    : lines
        .slice(start, end + 1)
        .join('\n')
        .trimEnd();
}

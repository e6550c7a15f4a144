/**
 * The words of a message, as what decides on it reads them. Intake tells what will be decided and is to stay small, so
 * HTML is read by the same few lines wherever something is decided; what people are shown is made with more care.
 */
import type { WrittenBody } from './content.ts';

/** They are within a word; whatever else comes between two words parts them. */
const INLINE = /^\/?(?:a|abbr|b|big|code|del|em|font|i|ins|mark|s|small|span|strong|sub|sup|u|wbr)[\s/>]/i;
/** What is between these is not shown. */
const UNSEEN = /^(?:script|style|title|template)(?=[\s/>])/i;
const COMMENT = '!--';

/** As written or, where only HTML was, what it shows. */
export function wordsWritten({ text, html }: WrittenBody): string {
  return text ?? wordsOfHtml(html ?? '');
}

/** In time that grows with the length alone, whatever is left open. */
function wordsOfHtml(html: string): string {
  const [start = '', ...tags] = html.split('<');
  const words = [start];
  /** What ends what is not shown. */
  let end: string | null = null;
  for (const tag of tags) {
    if (end === null || (end !== '-->' && tag.slice(0, end.length).toLowerCase() === end)) {
      const unseen = UNSEEN.exec(tag)?.[0].toLowerCase();
      end = tag.startsWith(COMMENT) ? '-->' : unseen === undefined ? null : `/${unseen}`;
      if (end === null) words.push(afterTag(tag));
    }
    if (end !== '-->' || !tag.includes(end)) continue;
    words.push(tag.slice(tag.indexOf(end) + end.length));
    end = null;
  }
  return words.join('').replace(ENTITY, (whole, name: string) => ENTITIES[name] ?? characterOf(name) ?? whole);
}

function afterTag(tag: string): string {
  if (!/^[a-z/!?]/i.test(tag)) return `<${tag}`;
  const close = tag.indexOf('>');
  const after = close < 0 ? '' : tag.slice(close + 1);
  return INLINE.test(tag) ? after : `\n${after}`;
}

const ENTITY = /&(#?\w{2,10});/g;
const ENTITIES: Record<string, string> = {
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: '’', nbsp: ' ', shy: '', euro: '€', szlig: 'ß' },
  ...{ aelig: 'æ', AElig: 'Æ', oelig: 'œ', OElig: 'Œ', oslash: 'ø', Oslash: 'Ø', eth: 'ð', thorn: 'þ' },
  ...{ rsquo: '’', lsquo: '‘', ldquo: '“', rdquo: '”', ndash: '–', mdash: '—', hellip: '…' },
};
/** Marks over and under letters, by their names in entities (`&uuml;`). */
const MARKS: Record<string, string> = {
  ...{ grave: '\u0300', acute: '\u0301', circ: '\u0302', tilde: '\u0303', uml: '\u0308', ring: '\u030a' },
  ...{ cedil: '\u0327', caron: '\u030c', breve: '\u0306', ogon: '\u0328', dblac: '\u030b', macr: '\u0304' },
};

function characterOf(name: string): string | null {
  if (name.startsWith('#')) {
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number.parseInt(name.slice(1), 10);
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code).toWellFormed() : null;
  }
  const mark = MARKS[name.slice(1)];
  return mark === undefined ? null : `${name[0]}${mark}`.normalize('NFC');
}

/**
 * HTML as tags and texts in their order, each with its place in the source: what is shown of a mail is then a part of
 * its source, unchanged. No tree is built, so that no depth of nesting costs more than its length.
 */
import { Tokenizer } from 'htmlparser2';

export interface Token {
  kind: 'open' | 'close' | 'text' | 'other';
  start: number;
  end: number;
  /** In lower case; empty for texts. */
  name: string;
  /** Of a text: decoded; of an opening tag: its source. */
  text: string;
  /** Of an opening tag: the token that closes it. Of a closing one: the token it closes; -1 for none. */
  pair: number;
}

export interface Tokens {
  list: Token[];
  /** Where what was not read begins: the length of the source where all was. */
  end: number;
}

/** So many characters, tags and texts are read. */
const CHARS_MAX = 512 * 1024;
const TOKENS_MAX = 40_000;
/** Of a tag, so much is looked at. */
const TAG_CHARS_MAX = 1_000;
const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
/** Their text is not for reading. */
const SILENT = new Set('head style script title template textarea select noscript'.split(' '));

export function tokensOf(html: string): Tokens {
  const source = html.slice(0, CHARS_MAX);
  const reading = new Reading(source);
  const tokenizer = new Tokenizer({ decodeEntities: true }, reading);
  reading.stop = () => tokenizer.pause();
  tokenizer.write(source);
  tokenizer.end();
  return reading.tokens();
}

class Reading {
  readonly #source: string;
  readonly #list: Token[] = [];
  readonly #open: number[] = [];
  readonly #openByName = new Map<string, number>();
  #silent = 0;
  #pre = 0;
  #nameStart = 0;
  #nameEnd = 0;
  #end = 0;
  stop: () => void = () => {};

  constructor(source: string) {
    this.#source = source;
  }

  tokens(): Tokens {
    const isWhole = this.#list.length < TOKENS_MAX;
    if (isWhole && this.#end < this.#source.length) this.#add('other', this.#end, this.#source.length);
    for (const at of this.#open) this.#close(at, this.#list.length);
    return { list: this.#list, end: isWhole ? this.#source.length : this.#end };
  }

  #add(kind: Token['kind'], start: number, end: number, name = '', text = ''): void {
    if (this.#list.length >= TOKENS_MAX) {
      this.stop();
      return;
    }
    if (start > this.#end && kind !== 'other') this.#add('other', this.#end, start);
    this.#list.push({ kind, start: Math.max(start, this.#end), end, name, text, pair: -1 });
    this.#end = Math.max(this.#end, end);
  }

  #addText(start: number, end: number, text: string): void {
    const last = this.#list.at(-1);
    if (this.#silent > 0) this.#add('other', start, end);
    else if (this.#pre > 0 && text.includes('\n')) {
      for (const match of text.matchAll(/[^\n]+|\n/g)) {
        this.#add('text', start + match.index, start + match.index + match[0].length, '', match[0]);
      }
    } else if (last?.kind === 'text' && last.end === start && last.text !== '\n') {
      last.text += text;
      last.end = end;
      this.#end = end;
    } else this.#add('text', start, end, '', text);
  }

  ontext(start: number, end: number): void {
    this.#addText(start, end, this.#source.slice(start, end));
  }

  ontextentity(code: number, end: number): void {
    this.#addText(this.#end, end, String.fromCodePoint(code));
  }

  onopentagname(start: number, end: number): void {
    this.#nameStart = start;
    this.#nameEnd = end;
  }

  onopentagend(end: number): void {
    const name = this.#source.slice(this.#nameStart, this.#nameEnd).toLowerCase();
    const tag = this.#source.slice(this.#nameStart, Math.min(end, this.#nameStart + TAG_CHARS_MAX));
    this.#add('open', this.#nameStart - 1, end + 1, name, tag);
    if (VOID.has(name)) return;
    this.#open.push(this.#list.length - 1);
    this.#count(name, 1);
  }

  onselfclosingtag(end: number): void {
    this.onopentagend(end);
  }

  onclosetag(start: number, nameEnd: number): void {
    const name = this.#source.slice(start, nameEnd).toLowerCase();
    const bracket = this.#source.indexOf('>', nameEnd);
    this.#add('close', start - 2, bracket < 0 ? this.#source.length : bracket + 1, name);
    if ((this.#openByName.get(name) ?? 0) === 0) return;
    for (let at = this.#open.pop(); at !== undefined; at = this.#open.pop()) {
      this.#close(at, this.#list.length - 1);
      if (this.#list[at]?.name !== name) continue;
      const close = this.#list.at(-1);
      if (close !== undefined) close.pair = at;
      return;
    }
  }

  #close(at: number, by: number): void {
    const open = this.#list[at];
    if (open === undefined) return;
    open.pair = by;
    this.#count(open.name, -1);
  }

  #count(name: string, by: number): void {
    this.#openByName.set(name, (this.#openByName.get(name) ?? 0) + by);
    if (SILENT.has(name)) this.#silent += by;
    if (name === 'pre') this.#pre += by;
  }

  oncomment(): void {}
  oncdata(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}
  onattribname(): void {}
  onattribdata(): void {}
  onattribentity(): void {}
  onattribend(): void {}
  onend(): void {}
}

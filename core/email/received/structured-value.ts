/** Values with parameters, as Content-Type and Content-Disposition have them (RFC 2045 §5.1, RFC 2231). */
import { decodeWords } from 'postal-mime';
import { textOfBytes } from './charset.ts';

export interface StructuredValue {
  /** In lower case. */
  value: string;
  parameters: Map<string, string>;
}

/** A parameter: `name=token` or `name="quoted"`; a token may hold what it should not, up to a semicolon. */
const PARAMETER = /;\s*([^\s=;]+)\s*(?:=\s*(?:"((?:[^"\\]|\\[\s\S])*)"?|([^;]*)))?/g;
const COMMENT = /^\s*\([^()]*\)|\s\([^()";=]*\)/g;

/** The first of several parameters of one name counts. */
export function structuredValue(text: string): StructuredValue {
  const plain = text.replace(COMMENT, ' ');
  const semicolon = plain.indexOf(';');
  const value = (semicolon < 0 ? plain : plain.slice(0, semicolon)).trim().toLowerCase();
  const raw = new Map<string, string>();
  for (const [, name = '', quoted, token] of plain.matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    if (!raw.has(key)) raw.set(key, quoted === undefined ? (token ?? '').trim() : quoted.replace(/\\([\\"])/g, '$1'));
  }
  return { value, parameters: joined(raw) };
}

/** `name*0*=charset'language'percent-encoded; name*1=more` as one `name` (RFC 2231 §3, §4). */
function joined(raw: Map<string, string>): Map<string, string> {
  const parameters = new Map<string, string>();
  const sections = new Map<string, { index: number; isEncoded: boolean; text: string }[]>();
  for (const [key, text] of raw) {
    const [, name, index, star] = /^(.+?)(?:\*(\d{1,3}))?(\*)?$/.exec(key) ?? [];
    if (name === undefined || (index === undefined && star === undefined)) parameters.set(key, text);
    else {
      const list = sections.get(name) ?? [];
      list.push({ index: Number(index ?? 0), isEncoded: star !== undefined, text });
      sections.set(name, list);
    }
  }
  for (const [name, list] of sections) {
    list.sort((a, b) => a.index - b.index);
    const [, charset = 'utf-8', first] = /^([^']*)'[^']*'([\s\S]*)$/.exec(list[0]?.text ?? '') ?? [];
    if (list[0]?.isEncoded === true && first !== undefined) list[0].text = first;
    // A character's bytes may be split between two sections: bytes first, text afterwards.
    const bytes = list.map(({ isEncoded, text }) => (isEncoded ? percentDecoded(text) : Buffer.from(text)));
    parameters.set(name, textOfBytes(Buffer.concat(bytes), charset));
  }
  return parameters;
}

function percentDecoded(text: string): Buffer {
  const binary = Buffer.from(text).toString('latin1');
  return Buffer.from(
    binary.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

/** A parameter as people should read it: encoded words are not lawful in it (RFC 2047 §5), and common. */
export function readableParameter({ parameters }: StructuredValue, name: string): string | null {
  const text = parameters.get(name);
  return text === undefined ? null : decodeWords(text);
}

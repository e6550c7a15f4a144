/** Addresses as mail programs print them above a quoted mail, which is looser than what RFC 5322 §3.4 allows. */

export interface Correspondent {
  name: string | null;
  address: string | null;
}

const LIST_CHARS_MAX = 8_000;
const ADDRESS = /[^\s@<>()[\]",;:'][^\s@<>()[\]",;:]{0,79}@[^\s@<>()[\]",;:]{1,200}/;

/** "Jane <jane@example.com>; jane@example.com (Jane)": names that only repeat their address are none. */
export function correspondentsOf(list: string): Correspondent[] {
  return entries(list.slice(0, LIST_CHARS_MAX)).flatMap((entry) => correspondentOf(entry) ?? []);
}

/** The one in an entry; null where it has neither a name nor an address. */
export function correspondentOf(entry: string): Correspondent | null {
  const address = ADDRESS.exec(entry)?.[0].replace(/'$/, '') ?? null;
  const name = nameOf(entry, address);
  return name === null && address === null ? null : { name, address };
}

function nameOf(entry: string, address: string | null): string | null {
  const bracket = entry.search(/[<[(]/);
  const before = bracket < 0 ? entry : entry.slice(0, bracket);
  const inside = /\(([^()@]{1,80})\)/.exec(entry)?.[1];
  const name = (ADDRESS.test(before) ? (inside ?? '') : before).replace(/^[\s"'*;,]+|[\s"'*:;,]+$/g, '');
  return name === '' || name.toLowerCase() === address?.toLowerCase() ? null : name;
}

/** The list at its semicolons, or, where it has none, at the commas that follow an address ("Doe, Jane <…>"). */
function entries(list: string): string[] {
  const pieces = split(list, ';');
  if (pieces.length > 1) return pieces;
  const found: string[] = [];
  let open = '';
  for (const piece of split(list, ',')) {
    open = open === '' ? piece : `${open}, ${piece}`;
    if (!ADDRESS.test(piece)) continue;
    found.push(open);
    open = '';
  }
  if (found.length === 0) return split(list, ',');
  return open === '' ? found : [...found, open];
}

/** At a character that stands neither in quotation marks nor in brackets. */
function split(list: string, separator: string): string[] {
  const found = [''];
  let isQuoted = false;
  let depth = 0;
  for (const char of list) {
    if (char === '"') isQuoted = !isQuoted;
    else if (!isQuoted && '<(['.includes(char)) depth += 1;
    else if (!isQuoted && '>)]'.includes(char)) depth = Math.max(0, depth - 1);
    if (char === separator && !isQuoted && depth === 0) found.push('');
    else found[found.length - 1] += char;
  }
  return found.map((piece) => piece.trim()).filter((piece) => piece !== '');
}

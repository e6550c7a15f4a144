/** What a part's bytes were before they were made fit for seven bits (RFC 2045 §6). Nothing here fails: what is no
 *  encoding stays as it is. */
import { lineAt } from './header.ts';

const [LF, CR, EQUALS, SPACE, TAB] = [0x0a, 0x0d, 0x3d, 0x20, 0x09];

/** The encoded length that is enough for so many decoded bytes, whatever the encoding: quoted-printable triples them,
 *  and breaks lines. */
export const ENCODED_PER_BYTE = 4;

export function transferDecoded(bytes: Buffer, encoding: string): Buffer {
  const name = /[a-z0-9-]+/.exec(encoding.toLowerCase().replace(/\([^)]*\)/g, ''))?.[0];
  if (name === 'base64') return base64Decoded(bytes);
  if (name === 'quoted-printable') return quotedPrintableDecoded(bytes);
  if (name === 'uuencode' || name === 'x-uuencode' || name === 'x-uue') return uuDecoded(bytes);
  return bytes;
}

const SEXTETS = new Int8Array(256).fill(-1);
for (const [value, char] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  SEXTETS[char.charCodeAt(0)] = value;
}

/** Passes over whatever is not of the alphabet. Some programs pad in the midst of it, and begin anew. */
function base64Decoded(bytes: Buffer): Buffer {
  const decoded = Buffer.allocUnsafe(Math.ceil((bytes.length * 3) / 4));
  let [length, bits, held] = [0, 0, 0];
  for (const byte of bytes) {
    const sextet = SEXTETS[byte] ?? -1;
    if (byte === EQUALS) bits = 0;
    if (sextet < 0) continue;
    held = ((held << 6) | sextet) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    decoded[length++] = held >> bits;
  }
  return decoded.subarray(0, length);
}

function quotedPrintableDecoded(bytes: Buffer): Buffer {
  const decoded = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte !== EQUALS) {
      decoded[length++] = byte;
      at += 1;
      continue;
    }
    const value = hexAt(bytes, at + 1);
    const next = value === null ? afterSoftBreak(bytes, at + 1) : at + 3;
    if (value !== null) decoded[length++] = value;
    else if (next === null) decoded[length++] = EQUALS;
    at = next ?? at + 1;
  }
  return decoded.subarray(0, length);
}

function hexAt(bytes: Buffer, at: number): number | null {
  const [high, low] = [nibble(bytes[at]), nibble(bytes[at + 1])];
  return high < 0 || low < 0 ? null : high * 16 + low;
}

function nibble(byte = 0): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

/** A soft line break may have white space that was added on the way (RFC 2045 §6.7, rule 3): a few, not any number. */
function afterSoftBreak(bytes: Buffer, start: number): number | null {
  let at = start;
  while (at < start + 80 && (bytes[at] === SPACE || bytes[at] === TAB)) at += 1;
  if (bytes[at] === CR) at += 1;
  if (bytes[at] === LF) return at + 1;
  return at >= bytes.length ? at : null;
}

const END = Buffer.from('end');

/** Between `begin` and `end`, a line at a time: its length, then three bytes in four characters. */
function uuDecoded(bytes: Buffer): Buffer {
  const isFirst = bytes.toString('latin1', 0, 6) === 'begin ';
  const begin = isFirst ? 0 : bytes.indexOf('\nbegin ', 0, 'latin1') + 1;
  if (!isFirst && begin === 0) return bytes;
  const decoded = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  for (let at = lineAt(bytes, begin)[1]; at < bytes.length; ) {
    const [end, next] = lineAt(bytes, at);
    if (bytes.subarray(at, end).equals(END)) break;
    const lineEnd = length + (sextetOf(bytes[at]) & 63);
    for (let four = at + 1; four < end && length < lineEnd; four += 4) {
      const held =
        (sextetOf(bytes[four]) << 18) |
        (sextetOf(bytes[four + 1]) << 12) |
        (sextetOf(bytes[four + 2]) << 6) |
        sextetOf(bytes[four + 3]);
      for (let shift = 16; shift >= 0 && length < lineEnd; shift -= 8) decoded[length++] = held >> shift;
    }
    at = next;
  }
  return decoded.subarray(0, length);
}

function sextetOf(byte = SPACE): number {
  return (byte - SPACE) & 63;
}

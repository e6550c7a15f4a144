/** Content ids: what a mail's own images are called where its HTML refers to them (RFC 2392). */

/** Longer ones are none: RFC 5322 §2.1.1 has room for no more on a line. */
const CHARS_MAX = 998;

/** An id as it is compared: programs change its case on the way, and put brackets where none belong. */
export function comparableContentId(told: string): string {
  let [start, end] = [0, Math.min(told.length, CHARS_MAX)];
  while (start < end && ' \t<'.includes(told[start] ?? '')) start += 1;
  while (end > start && ' \t>'.includes(told[end - 1] ?? '')) end -= 1;
  return told.slice(start, end).toLowerCase();
}

/** What a `cid:` URL may stand for: some programs escape what they refer to, some do not. */
export function contentIdsOf(reference: string): string[] {
  return [...new Set([reference, percentDecoded(reference)].map(comparableContentId))];
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

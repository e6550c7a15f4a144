/** Text whose paragraphs were broken into lines that flow (RFC 3676), as it was before. */

const QUOTE_MARKS = /^>*/;

/** A line that ends in a space goes on in the next, if that is quoted as deep (§4.5); `delSp` takes that space (§4). */
export function unflowed(text: string, delSp: boolean): string {
  const lines: string[] = [];
  let [depth, flows] = [0, false];
  for (const line of text.split('\n')) {
    const marks = QUOTE_MARKS.exec(line)?.[0] ?? '';
    const stuffed = line.slice(marks.length);
    const words = stuffed.startsWith(' ') ? stuffed.slice(1) : stuffed;
    const isSignature = words === '-- ';
    if (flows && marks.length === depth && !isSignature) lines[lines.length - 1] += words;
    else lines.push(marks === '' ? words : `${marks} ${words}`);
    [depth, flows] = [marks.length, words.endsWith(' ') && !isSignature];
    const last = lines.at(-1) ?? '';
    if (flows && delSp) lines[lines.length - 1] = last.slice(0, -1);
  }
  return lines.join('\n');
}

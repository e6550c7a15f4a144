/** Text whose paragraphs were broken into lines that flow (RFC 3676), as it was before. */

const QUOTE_MARKS = /^>*/;

/** A line that ends in a space goes on in the next, if that is quoted as deep (§4.5); `delSp` takes it (§4). */
export function unflowed(text: string, delSp: boolean): string {
  const written: string[] = [];
  let [depth, flows] = [0, false];
  for (const [index, line] of text.split('\n').entries()) {
    const marks = QUOTE_MARKS.exec(line)?.[0] ?? '';
    const stuffed = line.slice(marks.length);
    const words = stuffed.startsWith(' ') ? stuffed.slice(1) : stuffed;
    const isSignature = words === '-- ';
    const goesOn = flows && marks.length === depth && !isSignature;
    if (!goesOn) written.push(index === 0 ? '' : '\n', marks === '' ? '' : `${marks} `);
    [depth, flows] = [marks.length, words.endsWith(' ') && !isSignature];
    written.push(flows && delSp ? words.slice(0, -1) : words);
  }
  return written.join('');
}

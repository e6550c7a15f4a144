/** Text as one line, each run of space and control characters a space: a line break would forge a line of a mail. */
export function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim();
}

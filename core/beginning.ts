/** Of a text at most so many UTF-16 units, and no half of a character: what stands for one is seen as a defect. */
export function beginningOf(text: string, chars: number): string {
  return text.slice(0, chars).replace(/[\ud800-\udbff]$/, '');
}

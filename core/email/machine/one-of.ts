/** Any of several patterns, one a line, in any case: tables of words that can be read and added to. */
export function oneOf(patterns: string, around: (alternatives: string) => string = (all) => all): RegExp {
  const lines = patterns.split('\n').map((line) => line.trim());
  return new RegExp(around(lines.filter((line) => line !== '').join('|')), 'imu');
}

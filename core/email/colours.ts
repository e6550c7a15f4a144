/** Colours that can be read: contrast as WCAG 2.2 counts it (§1.4.3, "relative luminance"). */

/** What AA asks of text of the usual size. */
export const CONTRAST_MIN = 4.5;

const STEPS = 20;

/** @param a, b as `#rrggbb` @returns 1 to 21 */
export function contrastOf(a: string, b: string): number {
  const [light = 0, dark = 0] = [luminanceOf(a), luminanceOf(b)].sort((x, y) => y - x);
  return (light + 0.05) / (dark + 0.05);
}

/** Black or white, whichever is read better on a ground: one of them always has 4.58 or more. */
export function inkOn(ground: string): string {
  return contrastOf('#ffffff', ground) >= contrastOf('#000000', ground) ? '#ffffff' : '#000000';
}

/** A colour, or the nearest shade of it that can be read on a ground. */
export function readableOn(colour: string, ground: string): string {
  const ink = inkOn(ground);
  for (let step = 0; step < STEPS; step += 1) {
    const shade = mixed(colour, ink, step / STEPS);
    if (contrastOf(shade, ground) >= CONTRAST_MIN) return shade;
  }
  return ink;
}

function luminanceOf(colour: string): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(colour).map((channel) => {
    const part = channel / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function mixed(from: string, to: string, share: number): string {
  const target = channelsOf(to);
  const channels = channelsOf(from).map((channel, index) => {
    return Math.round(channel + ((target[index] ?? 0) - channel) * share);
  });
  return `#${channels.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
}

function channelsOf(colour: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(colour.slice(start, start + 2), 16));
}

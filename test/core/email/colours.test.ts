import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONTRAST_MIN, contrastOf, inkOn, readableOn } from '../../../core/email/colours.ts';

const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`);

describe('contrast', () => {
  it.each([
    ['#000000', '#ffffff', 21],
    ['#ffffff', '#ffffff', 1],
    ['#777777', '#ffffff', 4.48],
    ['#0b6e6e', '#ffffff', 6.06],
  ])('of %s and %s is %d', (a, b, contrast) => expect(contrastOf(a, b)).toBeCloseTo(contrast, 1));

  it('of what is written on any colour is enough to be read', () => {
    fc.assert(fc.property(colour, (ground) => contrastOf(inkOn(ground), ground) >= CONTRAST_MIN));
  });

  it('of a shade that can be read is enough, whatever the colours are', () => {
    fc.assert(
      fc.property(colour, colour, (ink, ground) => contrastOf(readableOn(ink, ground), ground) >= CONTRAST_MIN),
    );
  });

  it('leaves a colour alone that can be read', () => {
    expect(readableOn('#0b6e6e', '#ffffff')).toBe('#0b6e6e');
    expect(readableOn('#ffee00', '#ffffff')).not.toBe('#ffee00');
  });
});

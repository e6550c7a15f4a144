import fc from 'fast-check';
import { expect, it } from 'vitest';
import { beginningOf } from '../../core/beginning.ts';

it('ends a text between two characters', () => {
  expect(beginningOf('Hi 😀!', 4)).toBe('Hi ');
  expect(beginningOf('Hi 😀!', 5)).toBe('Hi 😀');
  expect(beginningOf('Hi', 5)).toBe('Hi');
});

it('leaves no half of a character', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, chars) => {
      const beginning = beginningOf(text, chars);
      expect(text.startsWith(beginning) && beginning.isWellFormed() && beginning.length <= chars).toBe(true);
      expect(beginning.length).toBeGreaterThanOrEqual(Math.min(text.length, chars) - 1);
    }),
  );
});

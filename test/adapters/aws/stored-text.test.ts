import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStoredText, storedText } from '../../../adapters/aws/stored-text.ts';

/** What an item holds beside the text, as the module reckons, and what a write is paid by. */
const BESIDE = 300;
const UNIT = 1024;
const unitsOf = (bytes: number) => Math.ceil((bytes + BESIDE) / UNIT);

describe('stored text', () => {
  it('is read back as it was written, whatever it is', () => {
    const long = fc.array(fc.json(), { minLength: 50, maxLength: 400 }).map((parts) => JSON.stringify(parts));
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'grapheme' }), long), (text) => {
        const item = storedText(text);
        expect(readStoredText(item)).toBe(text);
        expect(Object.keys(item)).toHaveLength(1);
      }),
    );
  });

  it('can be read by a person as long as packing it saves nothing', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: UNIT - BESIDE, unit: 'grapheme-ascii' }), (text) => {
        expect(storedText(text)).toEqual({ text: { S: text } });
      }),
    );
  });

  it('is packed as soon as that saves a unit of capacity, and only then', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.nat(), (length, seed) => {
        // Half of it repeats, half of it hardly does: some of it is worth packing.
        const noise = Array.from({ length }, (_, index) => ((index * 7919 + seed) % 9973).toString(36)).join('');
        const text = noise.slice(0, length / 2) + 'x'.repeat(length / 2);
        const item = storedText(text);
        const bytes = 'packed' in item ? (item.packed.B?.length ?? 0) : Buffer.byteLength(text);
        expect(unitsOf(bytes)).toBeLessThanOrEqual(unitsOf(Buffer.byteLength(text)));
        if ('packed' in item) expect(unitsOf(bytes)).toBeLessThan(unitsOf(Buffer.byteLength(text)));
      }),
    );
  });

  it('is nothing where the item has none', () => {
    expect(readStoredText({})).toBe('');
  });
});

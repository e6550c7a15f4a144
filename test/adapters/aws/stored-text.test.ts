import { deflateRawSync } from 'node:zlib';
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
    // Letters at random are hardly shorter when they are packed; what repeats is.
    const random = fc.string({ unit: 'grapheme-ascii', minLength: 500, maxLength: 3_000 });
    const shapes = new Set<string>();
    fc.assert(
      fc.property(random, fc.integer({ min: 0, max: 2_000 }), (letters, repeated) => {
        const text = letters + 'x'.repeat(repeated);
        const item = storedText(text);
        const [plain, packed] = [text.length, deflateRawSync(text).length].map(unitsOf);
        shapes.add(Object.keys(item).join());
        expect('packed' in item).toBe((packed ?? 0) < (plain ?? 0));
      }),
    );
    expect(shapes).toEqual(new Set(['text', 'packed']));
  });

  it('is nothing where the item has none', () => {
    expect(readStoredText({})).toBe('');
  });
});

import { describe, expect, it } from 'vitest';
import { chunks, indexWriteUnits, itemBytes, readUnits, writeUnits } from '../../bench/cost/units.ts';

const text = (bytes: number) => ({ pk: { S: 'x'.repeat(bytes - 2) } });

describe('how AWS counts', () => {
  it.each([
    [{ a: { S: 'Ümläut' } }, 1 + 8],
    [{ ab: { N: '123' } }, 2 + 3],
    [{ a: { B: Buffer.from([1, 2, 3]).toString('base64') } }, 1 + 3],
  ])('%j has %i bytes', (item, bytes) => {
    expect(itemBytes(item)).toBe(bytes);
  });

  it('counts a write by the begun kilobyte of the larger of both items, twice in a transaction', () => {
    expect(writeUnits(undefined, text(1_024))).toBe(1);
    expect(writeUnits(undefined, text(1_025))).toBe(2);
    expect(writeUnits(text(3_000), text(10))).toBe(3);
    expect(writeUnits(undefined, text(10), true)).toBe(2);
  });

  it('counts a read by four begun kilobytes, half where it may lag', () => {
    expect(readUnits(0, true)).toBe(1);
    expect(readUnits(4_097, true)).toBe(2);
    expect(readUnits(10, false)).toBe(0.5);
  });

  it('counts an index entry that comes or goes once, one that moves twice, and one that stays not at all', () => {
    const inbox = (place: string) => ({ inbox: { S: 'acme#billing#u#1' }, place: { S: place } });
    expect(indexWriteUnits(undefined, inbox('1'))).toBe(1);
    expect(indexWriteUnits(inbox('1'), {})).toBe(1);
    expect(indexWriteUnits(inbox('1'), inbox('2'))).toBe(2);
    expect(indexWriteUnits(inbox('1'), inbox('1'))).toBe(0);
  });

  it('counts requests by the begun 64 KB', () => {
    expect([chunks(0), chunks(65_536), chunks(65_537)]).toEqual([1, 1, 2]);
  });
});

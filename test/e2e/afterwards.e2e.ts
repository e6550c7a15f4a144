import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { NOTES } from './emulator.ts';
import { loggedLines } from './logs.ts';
import { deadLetters } from './queues.ts';

/** What stories provoke on purpose. */
const PROVOKED = ['command.unreadable', 'mail.rejected'];

describe('afterwards', () => {
  it('no queue has a dead letter', async () => {
    const counts = await deadLetters();
    expect(Object.keys(counts).length).toBeGreaterThanOrEqual(4);
    expect(Object.values(counts).filter((count) => count > 0)).toEqual([]);
  });

  it('IAM denied nothing to anybody: each function may do what it does', () => {
    expect([...new Set(readFileSync(NOTES.denied, 'utf8').split('\n').filter(Boolean))]).toEqual([]);
  });

  it('no function logged an error that was not provoked', async () => {
    const lines = await loggedLines();
    expect(lines.length).toBeGreaterThan(100);
    const errors = lines.filter((line) => /"level":"ERROR"|Error:/.test(line));
    expect(errors.filter((line) => !PROVOKED.some((event) => line.includes(`"${event}"`)))).toEqual([]);
  });

  it('no log has a word of what was written, or an address', async () => {
    const told = (await loggedLines()).filter((line) => /customers\.example|marmalade|number \d|Only once/i.test(line));
    expect(told).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entriesOf, LOG_SCHEMA, type LogItem, storeDecision } from '../../../core/thread/entry.ts';
import { decodeHead, encodeHead } from '../../../core/thread/stored-head.ts';
import { ANA, MONDAY } from '../../builders.ts';
import { history, told } from './histories.ts';

describe('for every history', () => {
  it('a head is stored short and read back whole, and one of another version is made anew from the log', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (steps) => {
        const { entries, id, head } = told(steps);
        const stored = encodeHead(head);
        const never = async () => expect.unreachable('the head is of this version');
        expect(await decodeHead(id, stored, never)).toEqual(head);
        expect(await decodeHead(id, stored.replace('"schema":1', '"schema":0'), async () => entries)).toEqual(head);
      }),
    );
  });

  it('what is stored and read back is the same', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const { entries } = told(steps);
        for (const entry of entries) {
          const { author, at, cause } = entry;
          const { command } = cause;
          const decided = { command, policy: 'p', at: MONDAY, author: ANA, entries: [entry], effects: [] };
          const item: LogItem = { schema: LOG_SCHEMA, lastSeq: entry.seq, decisions: [storeDecision(decided)] };
          expect(entriesOf(JSON.parse(JSON.stringify(item)))).toEqual([JSON.parse(JSON.stringify(entry))]);
          expect({ author, at }).toEqual({ author: entriesOf(item)[0]?.author, at: entriesOf(item)[0]?.at });
        }
      }),
    );
  });
});

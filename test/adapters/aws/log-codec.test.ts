import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeLogItem, encodeLogItem } from '../../../adapters/aws/log-codec.ts';
import { entriesOf, LOG_SCHEMA, type LogItem, storeDecision } from '../../../core/thread/entry.ts';
import { ANA, aThreadId, MONDAY, testIds } from '../../builders.ts';
import { history, told } from '../../core/thread/histories.ts';

describe('a log item in the table', () => {
  it('is read back whole, for every history', () => {
    fc.assert(
      fc.property(history, (steps) => {
        const { entries, id, head } = told(steps);
        const decisions = entries.map((entry) =>
          storeDecision({
            ...{ command: entry.cause.command, policy: 'p', at: MONDAY, author: ANA },
            ...{ entries: [entry], effects: [{ type: 'event', name: 'thread.started', seq: entry.seq }] },
          }),
        );
        const item: LogItem = { schema: LOG_SCHEMA, lastSeq: head.seq, decisions };
        const decoded = decodeLogItem(id, head.seq, encodeLogItem(id, item));
        expect(decoded).toEqual(JSON.parse(JSON.stringify(item)));
        expect(entriesOf(decoded)).toEqual(JSON.parse(JSON.stringify(entriesOf(item))));
      }),
    );
  });

  it('does not say again what its key says', () => {
    const thread = aThreadId();
    const command = testIds.command(thread, 'customer:c1', MONDAY, new Uint8Array(10));
    const decisions = [storeDecision({ command, policy: 'p', at: 1, author: ANA, entries: [], effects: [] })];
    const text = encodeLogItem(thread, { schema: LOG_SCHEMA, lastSeq: 4_711, decisions });
    expect(text).not.toContain('4711');
    expect(text).not.toContain(thread.slice('thr_'.length));
  });
});

/**
 * A crash of the machine can end the write-ahead log anywhere. So it is cut at and inside each of its frames, and the
 * product started on what is left: it must be whole, and hold every write that had been answered by then.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { TestProduct } from '../support/product.ts';
import { checkWrites, type Write } from './check-writes.ts';
import { defectsOf, readStoredState } from './stored-state.ts';

const WAL_HEADER_BYTES = 32; // https://www.sqlite.org/fileformat.html#the_write_ahead_log
const FRAME_HEADER_BYTES = 24;

const folder = mkdtempSync(join(tmpdir(), 'meanwhile-wal-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Answered extends Write {
  /** How long the log was when the answer was given. */
  walBytes: number;
}

/** Some threads with messages and answers, and how long the log was at each answer. */
async function aHistory(data: string): Promise<Answered[]> {
  const t = new TestProduct({ data });
  await t.idle();
  const direct = new DatabaseSync(join(data, 'meanwhile.db'));
  direct.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  direct.close();
  const writes: Answered[] = [];
  const send = async (kind: Write['kind'], path: string, token: string) => {
    const text = `words no ${writes.length}.`;
    const heard = await t.call('POST', path, { token, body: { text } });
    const { commandId, threadId } = heard.body;
    const walBytes = statSync(join(data, 'meanwhile.db-wal')).size;
    writes.push({ kind, customer: 0, text, path, key: null, status: heard.status, commandId, threadId, walBytes });
    return threadId as string;
  };
  const [customer, agent] = [await t.customer(), await t.agent()];
  for (let n = 0; n < 4; n += 1) {
    const id = await send('start', '/v1/threads', customer);
    await send('reply', `/v1/agent/threads/${id}/replies`, agent);
    await send('message', `/v1/threads/${id}/messages`, customer);
  }
  await t.idle();
  for (const file of ['meanwhile.db', 'meanwhile.db-wal']) copyFileSync(join(data, file), join(folder, file));
  await t.stop();
  return writes;
}

/** Starts the product on the log's first `bytes`, lets it come to rest, and looks at what it has. */
async function defectsAfterCut(bytes: number, writes: Answered[]): Promise<string[]> {
  const data = join(folder, `cut-${bytes}`);
  mkdirSync(data);
  for (const file of ['meanwhile.db', 'meanwhile.db-wal']) copyFileSync(join(folder, file), join(data, file));
  truncateSync(join(data, 'meanwhile.db-wal'), bytes);
  const t = new TestProduct({ data });
  await t.idle();
  await t.stop();
  const state = readStoredState(data);
  rmSync(data, { recursive: true });
  // What was answered later may or may not be there; if it is, it is there once.
  const known = writes.map((write) => (write.walBytes <= bytes ? write : { ...write, status: null, commandId: null }));
  return [
    ...defectsOf(state),
    ...checkWrites(
      known,
      state,
      state.mails.map(({ mail }) => mail.text),
      false,
    ),
  ];
}

describe('a write-ahead log that was cut off', () => {
  it('at or inside any frame leaves a product that is whole, with all that was answered', {
    timeout: 180_000,
  }, async () => {
    const data = join(folder, 'source');
    const writes = await aHistory(data);
    expect(writes.map(({ status }) => status)).toEqual(Array(12).fill(202));
    const wal = readFileSync(join(folder, 'meanwhile.db-wal'));
    const frameBytes = wal.readUInt32BE(8) + FRAME_HEADER_BYTES;
    const frames = (wal.length - WAL_HEADER_BYTES) / frameBytes;
    expect(frames).toBeGreaterThan(50);
    for (let frame = 0; frame <= frames; frame += 1) {
      const start = WAL_HEADER_BYTES + frame * frameBytes;
      const cuts = frame === frames ? [start] : [start, start + 10, start + Math.floor(frameBytes / 2)];
      for (const bytes of cuts) expect(await defectsAfterCut(bytes, writes), `cut at byte ${bytes}`).toEqual([]);
    }
  });
});

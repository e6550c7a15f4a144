import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from 'vitest';
import { lockData } from '../../../adapters/embedded/data-lock.ts';
import { Database } from '../../../adapters/embedded/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'meanwhile-database-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
function aDatabase() {
  files += 1;
  const lost: string[] = [];
  const db = new Database(join(folder, `${files}.db`), ({ cause }) => void lost.push((cause as Error).message));
  const insert = db.prepare('INSERT INTO secret (name, secret) VALUES (?, ?)');
  const sql = 'SELECT count(*) AS n FROM secret';
  return {
    db,
    lost,
    put: (key: string) => void db.write(() => insert.run(key, 'x')),
    count: (where: 'writing' | 'reading') =>
      Number((where === 'writing' ? db.prepare(sql) : db.prepareRead(sql)).get()?.['n']),
  };
}

describe('group commit', () => {
  it('puts all writes of one turn into one transaction, which readers see only when it is on the disk', async () => {
    const { db, put, count } = aDatabase();
    put('a');
    put('b');
    expect([count('writing'), count('reading')]).toEqual([2, 0]);
    await db.durable();
    expect(count('reading')).toBe(2);
    db.close();
  });

  it('has nothing to wait for where nothing is open', async () => {
    const { db } = aDatabase();
    await expect(db.durable()).resolves.toBeUndefined();
    db.close();
  });

  it('keeps the others when one write is refused, and of several writes all or none', async () => {
    const { db, put, count, lost } = aDatabase();
    put('a');
    expect(() => put('a')).toThrow('UNIQUE');
    expect(() =>
      db.writeAll(() => {
        put('b');
        put('a');
      }),
    ).toThrow('UNIQUE');
    put('c');
    await db.durable();
    expect([count('reading'), lost]).toEqual([2, []]);
    db.close();
  });

  it('that cannot be written is the end: whoever waits is told, and nothing is taken any more', async () => {
    const { db, put, count, lost } = aDatabase();
    db.beforeCommit(() => {
      throw new Error('no space left');
    });
    put('a');
    await expect(db.durable()).rejects.toMatchObject({ name: 'StorageLost' });
    expect([count('writing'), lost]).toEqual([0, ['no space left']]);
    expect(() => put('b')).toThrow('cannot be written');
    await expect(db.durable()).rejects.toMatchObject({ name: 'StorageLost' });
    db.close();
  });

  it('does not let a transaction grow without bound', () => {
    const { db, put, count } = aDatabase();
    for (let n = 0; n < 2_500; n += 1) put(`${n}`);
    expect(count('reading')).toBe(2_000);
    db.close();
  });
});

describe('a data folder', () => {
  it('of another version of the product is refused', () => {
    const path = join(folder, 'old.db');
    const old = new DatabaseSync(path);
    old.exec('CREATE TABLE thread (id TEXT)');
    old.close();
    expect(() => new Database(path, () => {})).toThrow('made by another version of Meanwhile');
  });

  it('has one owner at a time', () => {
    const lock = lockData(folder);
    expect(() => lockData(folder)).toThrow('in use by another process');
    lock.release();
    lockData(folder).release();
  });
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lockData } from '../../../adapters/embedded/data-lock.ts';
import { Database } from '../../../adapters/embedded/database.ts';

const folder = mkdtempSync(join(tmpdir(), 'meanwhile-database-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
function aDatabase(): { db: Database; put: (key: string) => void; count: (where: 'writing' | 'reading') => number } {
  files += 1;
  const db = new Database(join(folder, `${files}.db`));
  const insert = db.prepare('INSERT INTO secret (name, secret) VALUES (?, ?)');
  const sql = 'SELECT count(*) AS n FROM secret';
  return {
    db,
    put: (key) => void db.write(() => insert.run(key, 'x')),
    count: (where) => Number((where === 'writing' ? db.prepare(sql) : db.prepareRead(sql)).get()?.['n']),
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

  it('is lost as a whole when a write of it fails, and everyone who waits is told', async () => {
    const { db, put, count } = aDatabase();
    let told = 0;
    db.afterRollback(() => {
      told += 1;
    });
    put('a');
    const waiting = db.durable();
    expect(() => put('a')).toThrow('A write failed.');
    await expect(waiting).rejects.toMatchObject({ name: 'StorageFailure' });
    expect([count('writing'), told]).toEqual([0, 1]);
    put('a');
    await db.durable();
    expect(count('reading')).toBe(1);
    db.close();
  });

  it('is lost when what is written before the commit fails', async () => {
    const { db, put, count } = aDatabase();
    let isFailing = true;
    db.beforeCommit(() => {
      if (isFailing) throw new Error('no space left');
    });
    put('a');
    await expect(db.durable()).rejects.toMatchObject({ name: 'StorageFailure' });
    isFailing = false;
    expect(count('writing')).toBe(0);
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
  it('has one owner at a time', () => {
    const lock = lockData(folder);
    expect(() => lockData(folder)).toThrow('in use by another process');
    lock.release();
    lockData(folder).release();
  });
});

/** Routing with everything around it at hand: a store in memory, and effects and waits that are only noted. */
import { ManualClock } from '../../adapters/embedded/clocks.ts';
import { SqlitePolicies } from '../../adapters/embedded/policies.ts';
import { SqlitePoolStore } from '../../adapters/embedded/pool-store.ts';
import { SqliteThreadStore } from '../../adapters/embedded/thread-store.ts';
import { type LaneDeps, runLane } from '../../core/lane/run-lane.ts';
import type { Blobs, LaneMessage, MetricName, Performance, Wait } from '../../core/ports.ts';
import type { Command } from '../../core/thread/command.ts';
import { type Entry, entriesOf } from '../../core/thread/entry.ts';
import { defaultPolicy, MONDAY, testIds } from '../builders.ts';
import { aDatabase } from './database.ts';

/** Blobs in a map; links are not made. */
export class MapBlobs implements Blobs {
  readonly all = new Map<string, Uint8Array>();

  async put(key: string, bytes: Uint8Array): Promise<void> {
    this.all.set(key, bytes);
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.all.get(key);
  }

  async describe(key: string) {
    const bytes = this.all.get(key);
    return bytes && { name: key, mediaType: 'text/plain', bytes: bytes.length };
  }

  async copy(from: string, to: string): Promise<boolean> {
    const bytes = this.all.get(from);
    if (bytes !== undefined) this.all.set(to, bytes);
    return bytes !== undefined;
  }

  uploadUrl(): never {
    throw new Error('There are no links here.');
  }

  downloadUrl(): never {
    throw new Error('There are no links here.');
  }
}

export function messageOf(command: Command): LaneMessage {
  return { lane: command.thread, id: command.id, body: JSON.parse(JSON.stringify(command)) };
}

export class TestLane {
  readonly clock = new ManualClock(MONDAY);
  readonly performed: Performance[] = [];
  readonly waiting: Wait[] = [];
  readonly measured: [name: MetricName, value: number][] = [];
  readonly logged: string[] = [];
  readonly pauses: number[] = [];
  readonly blobs = new MapBlobs();
  readonly deps: LaneDeps;

  constructor(changes: Partial<LaneDeps> = {}) {
    const db = aDatabase();
    this.deps = {
      threads: new SqliteThreadStore(db, 'writing'),
      pools: new SqlitePoolStore(db, 'writing'),
      effects: { perform: async (performance) => void this.performed.push(performance) },
      waits: { put: async (waits) => void this.waiting.push(...waits) },
      metrics: (name, value) => void this.measured.push([name, value]),
      blobs: this.blobs,
      policies: new SqlitePolicies(db, [defaultPolicy.source]),
      clock: this.clock,
      log: (_level, event) => void this.logged.push(event),
      idsOf: async () => testIds,
      pause: async (ms) => void this.pauses.push(ms),
      ...changes,
    };
  }

  run(...commands: Command[]): Promise<{ done: number; failure?: unknown }> {
    return this.runMessages(commands.map(messageOf));
  }

  runMessages(messages: LaneMessage[]): Promise<{ done: number; failure?: unknown }> {
    return runLane(messages[0]?.lane ?? '', messages, this.deps);
  }

  /** Brings commands that decisions sent to other lanes there, and those that follow from them. */
  async carry(): Promise<void> {
    for (let next = 0; next < this.performed.length; next += 1) {
      for (const message of this.performed[next]?.commands ?? []) await this.runMessages([message]);
    }
  }

  async entries(thread: string): Promise<Entry[]> {
    return (await this.deps.threads.log(thread, 0, 1000)).flatMap(entriesOf);
  }

  /** Ids of all mails that were handed over. */
  get mails(): string[] {
    return this.performed.flatMap(({ mails }) => mails.map(({ sendId }) => sendId));
  }
}

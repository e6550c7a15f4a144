/** An office whose threads are given out: lanes of threads and of the pool, all that they send carried at once. */
import { SqlitePolicies } from '../../adapters/embedded/policies.ts';
import type { LaneDeps } from '../../core/lane/run-lane.ts';
import type { CompiledPolicy } from '../../core/policy/compiled-policy.ts';
import type { Pool, Row } from '../../core/team/pool.ts';
import { type Availability, poolIdOf } from '../../core/team/pool-command.ts';
import type { Command, CommandBody } from '../../core/thread/command.ts';
import type { Thread } from '../../core/thread/thread.ts';
import { aCommand, aCustomerMessage, aPolicy, aStart, aThreadId } from '../builders.ts';
import { aDatabase } from './database.ts';
import { TestLane } from './lane.ts';

type Changes = Parameters<typeof aPolicy>[0];
type Teams = NonNullable<NonNullable<Changes>['teams']>;
type Team = Teams[string];

/** One team, `support`, that is always there, and whose threads are given to Ana and Ben. */
export function aGivingPolicy(team: Partial<Team> = {}, changes: Changes = {}): CompiledPolicy {
  const support = { name: 'Support', address: 'support@acme.example', calendar: 'always', agents: ['ana', 'ben'] };
  return aPolicy({ teams: { support: { ...support, assign: 'balanced', capacity: 2, ...team } }, ...changes });
}

export class Office {
  readonly lane: TestLane;
  readonly pool = poolIdOf('acme');
  policy: CompiledPolicy;
  #said = 0;
  #carried = 0;

  constructor(policy = aGivingPolicy(), deps: Partial<LaneDeps> = {}) {
    this.policy = policy;
    this.lane = new TestLane({ policies: new SqlitePolicies(aDatabase(), [policy.source]), ...deps });
  }

  get now(): number {
    return this.lane.clock.now();
  }

  /** Another version of the policy is deployed. */
  deploy(policy: CompiledPolicy): void {
    this.policy = policy;
    this.lane.deps.policies = new SqlitePolicies(aDatabase(), [policy.source]);
  }

  async start(changes: Parameters<typeof aStart>[0] = {}): Promise<string> {
    const id = aThreadId('c1', this.now);
    await this.say(id, aStart(changes));
    return id;
  }

  /** Somebody's command to a thread, and all that comes of it. */
  async say(thread: string, body: CommandBody, changes: Partial<Command> = {}): Promise<void> {
    await this.lane.run(aCommand(thread, body, { acceptedAt: this.now, policy: this.policy.hash, ...changes }));
    await this.carry();
  }

  write(thread: string): Promise<void> {
    return this.say(thread, aCustomerMessage());
  }

  async isNow(agent: string, availability: Availability): Promise<void> {
    this.#said += 1;
    const id = `said-${this.#said}`;
    const body = { schema: 1, id, acceptedAt: this.now, body: { type: 'availability', agent, availability } };
    await this.lane.runMessages([{ lane: this.pool, id, body }]);
    await this.carry();
  }

  /** Brings what was sent where it belongs, and what follows from that. */
  async carry(): Promise<void> {
    const { performed } = this.lane;
    for (; this.#carried < performed.length; this.#carried += 1) {
      for (const message of performed[this.#carried]?.commands ?? []) await this.lane.runMessages([message]);
    }
  }

  /** Time passes, and the pool's timer fires where it is due. */
  async pass(ms: number): Promise<void> {
    await this.lane.clock.advanceTo(this.now + ms, async () => {});
    const { dueAt = null, generation = 0 } = (await this.head()) ?? {};
    if (dueAt === null || dueAt > this.now) return;
    const body = { ...aCommand(this.pool, { type: 'fire-timers', generation }), id: `fire_${this.pool}_${generation}` };
    await this.lane.runMessages([{ lane: this.pool, id: `${body.id}~${this.now}`, body }]);
    await this.carry();
  }

  head(): Promise<Pool | undefined> {
    return this.lane.deps.pools.load(this.pool);
  }

  async row(thread: string): Promise<Row | undefined> {
    return (await this.lane.deps.pools.rows(this.pool, [thread]))[0];
  }

  async thread(id: string): Promise<Thread> {
    const thread = await this.lane.deps.threads.load(id);
    if (thread === undefined) throw new Error(`There is no thread ${id}.`);
    return thread;
  }

  async owner(id: string): Promise<string | null> {
    return (await this.thread(id)).assignee;
  }

  async owners(ids: string[]): Promise<(string | null)[]> {
    return Promise.all(ids.map((id) => this.owner(id)));
  }
}

/**
 * The policies of a simulated world: one business, two versions of its policy of which either is current, and now and
 * then a defect in what asks them, or nobody who serves the business at all.
 */
import { Ids } from '../../../core/ids.ts';
import type { CompiledPolicy } from '../../../core/policy/compiled-policy.ts';
import type { Policies } from '../../../core/ports.ts';
import { aPolicy } from '../../builders.ts';

/** What is broken in a deployment with a defect: deciding throws wherever it needs that. */
export const DEFECTS = ['reply targets', 'closing times', 'founding threads', 'checking merges'] as const;
export type Defect = (typeof DEFECTS)[number];

/** What a defect of the product throws. */
class Defective extends Error {
  override readonly name = 'Defective';
}

/** So much is told of each deadline: before, at, and after it. */
const TOLD = {
  warnings: [{ before: '30m', do: { notify: ['owner' as const] } }],
  breach: { notify: ['agent:ana', 'team' as const] },
  repeats: { every: '1h', times: 2, do: { notify: ['owner' as const] } },
};

/** What nobody takes in hand, the team is told of. */
const ON_TIME = {
  id: 'clock',
  on: ['time' as const],
  mode: 'all' as const,
  rules: [
    {
      id: 'forgotten',
      when: { idle: '3h', status: ['new' as const, 'open' as const] },
      do: { notify: ['team' as const] },
    },
  ],
};

/** Two versions that differ in all that a decision or a mail takes from a policy. Compiled once: it is costly. */
export const VERSIONS = [
  aPolicy({
    closeAfter: '2d',
    notices: { digestMinutes: 2, onThreadMinutes: 10 },
    letters: { reminder: { after: '4h' }, rating: { after: '2h', url: 'https://acme.example/rate?thread={thread}' } },
    routing: [ON_TIME],
    teams: {
      support: {
        ...{ name: 'Support', address: 'support@acme.example', calendar: 'office', agents: ['ana', 'ben'] },
        ...{ assign: 'longest-idle', capacity: 3 },
      },
      billing: {
        ...{ name: 'Billing', address: 'billing@acme.example', calendar: 'always', agents: ['ana'] },
        topics: ['billing'],
      },
    },
    // As long as is promised where nothing is measured.
    sla: [
      {
        id: 'urgent',
        when: { priority: ['urgent'] },
        metrics: {
          'first-reply': { within: '4h', ...TOLD },
          'agent-work': { within: '3h', calendar: 'always', ...TOLD },
        },
      },
      { id: 'all', metrics: { 'first-reply': { within: '4h' }, 'next-reply': { within: '2h', ...TOLD } } },
    ],
  }),
  aPolicy({
    name: 'Acme & Co',
    replyTarget: { first: '6h', next: '3h' },
    closeAfter: '1d',
    notices: { firstWaits: true, off: ['agent:ben'] },
    // The question comes after closing, and so never.
    letters: { history: 'last', reminder: { after: '1h' }, rating: { after: '3d', url: 'https://acme.example/' } },
    routing: [ON_TIME],
    sla: [
      {
        id: 'all',
        metrics: {
          'first-reply': { within: '6h', ...TOLD },
          'next-reply': { within: '3h' },
          'requester-wait': { within: '5h', calendar: 'always', onReopen: 'restart', ...TOLD },
          'group-ownership': { within: '1d', ...TOLD },
        },
      },
    ],
    agents: {
      ana: { name: 'Ana', email: 'ana@acme.example', role: 'lead' },
      ben: { name: 'Ben', email: 'benjamin@acme.example' },
      eve: { name: 'Eve', email: 'eve@acme.example', role: 'observer' },
    },
    teams: {
      support: {
        ...{ name: 'Help', address: 'help@acme.example', calendar: 'always', agents: ['ana', 'ben'] },
        ...{ assign: 'balanced', capacity: 2 },
      },
      sales: { name: 'Sales', address: 'sales@acme.example', calendar: 'office', agents: ['ben'], topics: ['offer'] },
    },
  }),
];

export class PolicyModel implements Policies {
  readonly versions: readonly CompiledPolicy[];
  isServed = true;
  readonly #defect: () => Defect | undefined;
  readonly #kept = new Set<string>();
  #current = 0;

  constructor(defect: () => Defect | undefined) {
    this.#defect = defect;
    this.versions = VERSIONS.map((version) => this.#breakable(version));
  }

  businesses(): string[] {
    return this.isServed ? ['acme'] : [];
  }

  receiving(_address: string): string[] {
    return [];
  }

  trusting(): string[] {
    return this.businesses();
  }

  current(business: string): CompiledPolicy | undefined {
    return this.isServed && business === 'acme' ? this.versions[this.#current] : undefined;
  }

  async version(business: string, hash: string): Promise<CompiledPolicy | undefined> {
    const isKnown = hash === this.current(business)?.hash || this.#kept.has(`${business} ${hash}`);
    return isKnown ? this.versions.find((version) => version.hash === hash) : undefined;
  }

  async keep({ business, hash }: CompiledPolicy): Promise<void> {
    this.#kept.add(`${business} ${hash}`);
  }

  /** The other version is deployed. */
  change(): void {
    this.#current = 1 - this.#current;
  }

  /** The policy, in which what a defect breaks throws when a decision asks for it. */
  #breakable(policy: CompiledPolicy): CompiledPolicy {
    const { replyTarget, closeAfter } = policy.source;
    const source = Object.defineProperties(
      { ...policy.source },
      {
        replyTarget: { get: () => this.#unless('reply targets', replyTarget) },
        closeAfter: { get: () => this.#unless('closing times', closeAfter) },
      },
    );
    return new Proxy(policy, {
      get: (target, name) => {
        if (name === 'source') return source;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  }

  #unless<T>(defect: Defect, value: T): T {
    if (this.#defect() === defect) throw new Defective(defect);
    return value;
  }
}

/** The mint of ids, in which what a defect breaks throws. */
export class BreakableIds extends Ids {
  readonly #defect: () => Defect | undefined;

  constructor(business: string, key: string, defect: () => Defect | undefined) {
    super(business, key);
    this.#defect = defect;
  }

  override thread(...args: Parameters<Ids['thread']>): string {
    if (this.#defect() === 'founding threads') throw new Defective('founding threads');
    return super.thread(...args);
  }

  override verify(id: string): ReturnType<Ids['verify']> {
    if (this.#defect() === 'checking merges') throw new Defective('checking merges');
    return super.verify(id);
  }
}

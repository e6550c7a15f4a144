/** Policies from the config file, and the versions of it that decisions were made under. */
import { receivedAt } from '../../core/inbound/addressing.ts';
import { CompiledPolicy } from '../../core/policy/compiled-policy.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { Policies } from '../../core/ports.ts';
import { textJudge } from '../../core/rule/judge-text.ts';
import type { Database } from './database.ts';

export class SqlitePolicies implements Policies {
  readonly #db: Database;
  readonly #current = new Map<string, CompiledPolicy>();
  readonly #versions = new Map<string, CompiledPolicy>();
  readonly #kept = new Set<string>();

  constructor(db: Database, policies: Policy[]) {
    this.#db = db;
    for (const policy of policies) {
      const compiled = new CompiledPolicy(policy, () => textJudge);
      this.#current.set(policy.id, compiled);
      this.#versions.set(`${policy.id} ${compiled.hash}`, compiled);
    }
  }

  businesses(): string[] {
    return [...this.#current.keys()];
  }

  trusting(issuer: string): string[] {
    const trusts = ({ source }: CompiledPolicy) => source.agentIssuers.some((one) => one.issuer === issuer);
    return [...this.#current.values()].filter(trusts).map(({ business }) => business);
  }

  receiving(address: string): string[] {
    const receives = ({ source }: CompiledPolicy) => receivedAt(source).includes(address);
    return [...this.#current.values()].filter(receives).map(({ business }) => business);
  }

  current(business: string): CompiledPolicy | undefined {
    return this.#current.get(business);
  }

  async version(business: string, hash: string): Promise<CompiledPolicy | undefined> {
    const known = this.#versions.get(`${business} ${hash}`);
    if (known !== undefined) return known;
    const row = this.#db.prepare('SELECT policy FROM policy WHERE business = ? AND hash = ?').get(business, hash);
    if (row === undefined) return undefined;
    const compiled = new CompiledPolicy(JSON.parse(String(row['policy'])) as Policy, () => textJudge);
    this.#versions.set(`${business} ${hash}`, compiled);
    return compiled;
  }

  async keep({ business, hash, source }: CompiledPolicy): Promise<void> {
    const version = `${business} ${hash}`;
    if (this.#kept.has(version)) return;
    const put = this.#db.prepare('INSERT INTO policy (business, hash, policy) VALUES (?, ?, ?) ON CONFLICT DO NOTHING');
    this.#db.write(() => put.run(business, hash, JSON.stringify(source)));
    this.#kept.add(version);
  }
}

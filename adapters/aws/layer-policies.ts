/**
 * Policies from the layer that is deployed with the functions, one file a business, each read when it is first needed:
 * a thousand businesses weigh nothing at start. Versions that were in use are kept in the table.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CompiledPolicy } from '../../core/policy/compiled-policy.ts';
import type { Policy } from '../../core/policy/policy.ts';
import type { PolicyIndex } from '../../core/policy/policy-index.ts';
import type { Policies } from '../../core/ports.ts';
import { TEXT_JUDGE_FILE, type TextJudge } from '../../core/rule/text-judge.ts';
import { calling } from './calling.ts';
import { Items, keyItem } from './items.ts';
import { policyKey } from './keys.ts';
import { readStoredText, storedText } from './stored-text.ts';

export class LayerPolicies implements Policies {
  readonly #folder: string;
  readonly #items: Items;
  readonly #current = new Map<string, CompiledPolicy>();
  readonly #versions = new Map<string, CompiledPolicy>();
  readonly #kept = new Set<string>();
  readonly #obtainJudge: () => TextJudge;
  #index: PolicyIndex | undefined;

  /** @param folder where the layer lies, with `index.json`, a file for each business, and what judges texts */
  constructor(folder: string, client: DynamoDBClient, table: string) {
    this.#folder = folder;
    this.#items = new Items(client, table);
    // Libraries that most businesses do not ask for: no function carries them, and none that does not need them waits.
    this.#obtainJudge = () => createRequire(import.meta.url)(join(folder, TEXT_JUDGE_FILE)).textJudge;
  }

  businesses(): string[] {
    return Object.keys(this.#indexed().businesses);
  }

  trusting(issuer: string): string[] {
    const { businesses } = this.#indexed();
    return Object.keys(businesses).filter((business) => businesses[business]?.issuers.includes(issuer));
  }

  receiving(address: string): string[] {
    const { businesses } = this.#indexed();
    return Object.keys(businesses).filter((business) => businesses[business]?.mail.includes(address));
  }

  current(business: string): CompiledPolicy | undefined {
    if (!Object.hasOwn(this.#indexed().businesses, business)) return undefined;
    const known = this.#current.get(business);
    if (known !== undefined) return known;
    const compiled = new CompiledPolicy(this.#read<Policy>(`${business}.json`), this.#obtainJudge);
    this.#current.set(business, compiled);
    return compiled;
  }

  async version(business: string, hash: string): Promise<CompiledPolicy | undefined> {
    const current = this.current(business);
    if (current?.hash === hash) return current;
    const known = this.#versions.get(`${business} ${hash}`);
    if (known !== undefined || hash === '') return known;
    // Kept a moment ago by another instance, it must be found: else another policy would decide in its place.
    const item = await this.#items.read(policyKey(business, hash));
    if (item === undefined) return undefined;
    const compiled = new CompiledPolicy(JSON.parse(readStoredText(item)) as Policy, this.#obtainJudge);
    this.#versions.set(`${business} ${hash}`, compiled);
    return compiled;
  }

  async keep({ business, hash, source }: CompiledPolicy): Promise<void> {
    const version = `${business} ${hash}`;
    if (this.#kept.has(version)) return;
    // The same under the same key, whoever puts it: it is named by its content.
    const Item = { ...keyItem(policyKey(business, hash)), ...storedText(JSON.stringify(source)) };
    await calling(() => this.#items.client.send(new PutItemCommand({ TableName: this.#items.table, Item })));
    this.#kept.add(version);
  }

  #indexed(): PolicyIndex {
    this.#index ??= this.#read<PolicyIndex>('index.json');
    return this.#index;
  }

  #read<T>(file: string): T {
    return JSON.parse(readFileSync(join(this.#folder, file), 'utf8')) as T;
  }
}

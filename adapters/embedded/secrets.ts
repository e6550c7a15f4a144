/** Secrets of one machine: made at random when a business is first served, and kept in its file ever after. */
import type { BusinessSecrets } from '../../core/policy/business-secrets.ts';
import type { Randomness, Secrets } from '../../core/ports.ts';
import type { Database } from './database.ts';

const KEY_BYTES = 32;

export class SqliteSecrets implements Secrets {
  readonly #db: Database;
  readonly #random: Randomness;
  readonly #known = new Map<string, BusinessSecrets>();

  /** @param businesses those that are served; no other gets secrets */
  constructor(db: Database, random: Randomness, businesses: string[]) {
    this.#db = db;
    this.#random = random;
    for (const business of businesses) this.#make(business);
  }

  async of(business: string): Promise<BusinessSecrets | undefined> {
    return this.#known.get(business) ?? this.refreshed(business);
  }

  async refreshed(business: string): Promise<BusinessSecrets | undefined> {
    const text = this.secret(`business ${business}`);
    if (text === undefined) return undefined;
    const secrets = JSON.parse(text) as BusinessSecrets;
    this.#known.set(business, secrets);
    return secrets;
  }

  /** A secret of the installation itself, made on first demand. */
  own(name: string, make: () => string): string {
    const known = this.secret(name);
    if (known !== undefined) return known;
    const made = make();
    this.put(name, made);
    return made;
  }

  secret(name: string): string | undefined {
    const row = this.#db.prepare('SELECT secret FROM secret WHERE name = ?').get(name);
    return row === undefined ? undefined : String(row['secret']);
  }

  put(name: string, secret: string): void {
    const statement = this.#db.prepare('INSERT OR REPLACE INTO secret (name, secret) VALUES (?, ?)');
    this.#db.write(() => statement.run(name, secret));
  }

  #make(business: string): void {
    const random = (): string => Buffer.from(this.#random.bytes(KEY_BYTES)).toString('base64url');
    this.own(`business ${business}`, () => {
      const secrets: BusinessSecrets = {
        idKey: random(),
        customerKeys: [{ kid: 'local', alg: 'HS256', secret: random() }],
        capabilityKeys: [{ kid: 'c1', secret: random() }],
      };
      return JSON.stringify(secrets);
    });
  }
}

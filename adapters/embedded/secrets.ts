/** Secrets of one machine: made at random when a business is first served, and kept in its file ever after. */
import type { BusinessSecrets } from '../../core/policy/business-secrets.ts';
import { freshSecrets, sharedKey, withCustomerKey, withMailKey } from '../../core/policy/key-rotation.ts';
import type { Randomness, Secrets } from '../../core/ports.ts';
import type { Database } from './database.ts';

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

  /** With a key for customers' tokens from the start: for trying out. */
  #make(business: string): void {
    const random = (count: number) => this.#random.bytes(count);
    const made = this.own(`business ${business}`, () => {
      const secrets = freshSecrets(random);
      return JSON.stringify(withCustomerKey(secrets, sharedKey(random)));
    });
    const secrets = JSON.parse(made) as BusinessSecrets;
    // A file of an earlier version has none for mail.
    if (secrets.mailKeys === undefined) this.put(`business ${business}`, JSON.stringify(withMailKey(secrets, random)));
  }
}

/** Secrets in SSM Parameter Store, one SecureString a business: free, encrypted, never in a template or a variable. */
import type { BusinessSecrets } from '../../core/policy/business-secrets.ts';
import type { Clock, Secrets } from '../../core/ports.ts';
import type { SsmParameters } from './ssm-parameters.ts';

/** A key that was revoked is believed for so long at most. */
const KEPT_MS = 300_000;
/** However many unknown key ids are tried, SSM is asked so seldom. */
const REFRESH_MS = 20_000;

interface Known {
  secrets: BusinessSecrets | undefined;
  at: number;
}

export class SsmSecrets implements Secrets {
  readonly #parameters: Pick<SsmParameters, 'read'>;
  readonly #prefix: string;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();

  /** @param prefix of the parameters' names, with a slash at its end */
  constructor(parameters: Pick<SsmParameters, 'read'>, prefix: string, clock: Clock) {
    this.#parameters = parameters;
    this.#prefix = prefix;
    this.#clock = clock;
  }

  async of(business: string): Promise<BusinessSecrets | undefined> {
    return this.#younger(business, KEPT_MS);
  }

  async refreshed(business: string): Promise<BusinessSecrets | undefined> {
    return this.#younger(business, REFRESH_MS);
  }

  async #younger(business: string, ageMs: number): Promise<BusinessSecrets | undefined> {
    const known = this.#known.get(business);
    if (known !== undefined && this.#clock.now() - known.at < ageMs) return known.secrets;
    const secrets = await this.#read(business);
    this.#known.set(business, { secrets, at: this.#clock.now() });
    return secrets;
  }

  async #read(business: string): Promise<BusinessSecrets | undefined> {
    const value = await this.#parameters.read(this.#prefix + business);
    return value === undefined ? undefined : (JSON.parse(value) as BusinessSecrets);
  }
}

/** The businesses' secrets as their owner changes them: SSM parameters, by the owner's own credentials. */
import { GetParameterCommand, ParameterNotFound, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import type { BusinessSecrets } from '../../core/policy/business-secrets.ts';

export class ParameterStore {
  readonly #client = new SSMClient();
  readonly #prefix: string;

  /** @param prefix of the parameters' names; a business's id follows. */
  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  async read(business: string): Promise<BusinessSecrets | undefined> {
    try {
      const Name = this.#prefix + business;
      const { Parameter } = await this.#client.send(new GetParameterCommand({ Name, WithDecryption: true }));
      return Parameter?.Value === undefined ? undefined : (JSON.parse(Parameter.Value) as BusinessSecrets);
    } catch (failure) {
      if (failure instanceof ParameterNotFound) return undefined;
      throw failure;
    }
  }

  async write(business: string, secrets: BusinessSecrets): Promise<void> {
    const Name = this.#prefix + business;
    const Value = JSON.stringify(secrets);
    await this.#client.send(new PutParameterCommand({ Name, Value, Type: 'SecureString', Overwrite: true }));
  }

  close(): void {
    this.#client.destroy();
  }
}

/**
 * One call of SSM, signed by ourselves: its SDK client is a tenth of a function's bundle, and every function that knows
 * a secret would import it.
 */
import { AwsClient } from 'aws4fetch';
import { TransientFailure } from '../../core/failures.ts';
import { saysNotNow } from './calling.ts';

const TIMEOUT_MS = 3_000;
const RETRIES = 2;
const FIRST_PAUSE_MS = 50;

export interface SsmSettings {
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** Of another implementation than AWS's. */
  endpoint?: string | undefined;
}

/** SSM refused to tell a parameter: the permissions are wrong. */
class ParametersRefused extends Error {
  override readonly name = 'ParametersRefused';
}

export class SsmParameters {
  readonly #client: AwsClient;
  readonly #url: string;

  constructor({ region, credentials, endpoint }: SsmSettings) {
    this.#client = new AwsClient({
      ...{ ...credentials, region, service: 'ssm' },
      ...{ retries: RETRIES, initRetryMs: FIRST_PAUSE_MS },
    });
    this.#url = endpoint ?? `https://ssm.${region}.amazonaws.com`;
  }

  /** @returns the value, decrypted; undefined where there is no such parameter. @throws {TransientFailure} */
  async read(Name: string): Promise<string | undefined> {
    const { status, body } = await this.#ask('GetParameter', { Name, WithDecryption: true });
    if (status === 200) return body.Parameter?.Value;
    const code = body.__type?.split('#').at(-1) ?? '';
    if (code === 'ParameterNotFound') return undefined;
    if (status >= 500 || status === 429 || saysNotNow(code)) throw new TransientFailure(code);
    throw new ParametersRefused(code);
  }

  async #ask(operation: string, input: object): Promise<{ status: number; body: Answered }> {
    try {
      const response = await this.#client.fetch(this.#url, {
        method: 'POST',
        headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonSSM.${operation}` },
        body: JSON.stringify(input),
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      return { status: response.status, body: (await response.json()) as Answered };
    } catch (failure) {
      throw new TransientFailure(failure instanceof Error ? failure.name : 'unknown', { cause: failure });
    }
  }
}

interface Answered {
  Parameter?: { Value?: string };
  /** Of a failure. */
  __type?: string;
}

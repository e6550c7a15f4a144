/** Requests that we sign ourselves, where a service's SDK client would be a tenth of each function's bundle. */
import { AwsClient } from 'aws4fetch';
import { TransientFailure } from '../../core/failures.ts';
import { failureName } from './calling.ts';

const RETRIES = 2;
const FIRST_PAUSE_MS = 50;

export interface SignedSettings {
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
  /** Of another implementation than AWS's. */
  endpoint?: string | undefined;
}

export class SignedCalls {
  readonly client: AwsClient;
  readonly #timeoutMs: number;

  constructor(service: 's3' | 'ssm', { region, credentials }: SignedSettings, timeoutMs: number) {
    this.client = new AwsClient({ ...credentials, region, service, retries: RETRIES, initRetryMs: FIRST_PAUSE_MS });
    this.#timeoutMs = timeoutMs;
  }

  /**
   * @param read takes the whole body, which may be as long in coming as the answer itself and break off as well
   * @throws {TransientFailure} where there was no answer, or none that could be read
   */
  async answer<T>(url: string, init: RequestInit, read: (response: Response) => Promise<T>): Promise<T> {
    try {
      return await read(await this.client.fetch(url, { ...init, signal: AbortSignal.timeout(this.#timeoutMs) }));
    } catch (failure) {
      throw new TransientFailure(failureName(failure), { cause: failure });
    }
  }
}

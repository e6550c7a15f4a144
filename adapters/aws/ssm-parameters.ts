/** One call of SSM, signed by ourselves: every function that knows a secret would import its SDK client. */
import { TransientFailure } from '../../core/failures.ts';
import { saysNotNow } from './calling.ts';
import { SignedCalls, type SignedSettings } from './signed-calls.ts';

const TIMEOUT_MS = 3_000;

/** SSM refused to tell a parameter: the permissions are wrong. */
class ParametersRefused extends Error {
  override readonly name = 'ParametersRefused';
}

export class SsmParameters {
  readonly #calls: SignedCalls;
  readonly #url: string;

  constructor(settings: SignedSettings) {
    this.#calls = new SignedCalls('ssm', settings, TIMEOUT_MS);
    this.#url = settings.endpoint ?? `https://ssm.${settings.region}.amazonaws.com`;
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

  #ask(operation: string, input: object): Promise<{ status: number; body: Answered }> {
    const headers = { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': `AmazonSSM.${operation}` };
    const request = { method: 'POST', headers, body: JSON.stringify(input) };
    return this.#calls.answer(this.#url, request, async (response) => ({
      status: response.status,
      body: (await response.json()) as Answered,
    }));
  }
}

interface Answered {
  Parameter?: { Value?: string };
  /** Of a failure. */
  __type?: string;
}

/** What tests of the adapters for AWS share: how a client is made that reaches nobody, and how services fail. */

/** The part of a client's settings that none can do without. */
export const NOWHERE = { region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } };

interface Told {
  message?: string;
  /** Of the answer; none where there was no answer. */
  status?: number;
  /** Of the socket. */
  code?: string;
}

/** A failure as the SDK throws it. */
export function anAwsFailure(name: string, { message = '', status, code }: Told = {}): Error {
  const $metadata = { attempts: 3, ...(status === undefined ? {} : { httpStatusCode: status }) };
  return Object.assign(new Error(message), { name, $metadata, ...(code === undefined ? {} : { code }) });
}

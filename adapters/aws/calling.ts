/** What the SDK's failures mean here: whether the same call may be made again. */
import { TransientFailure } from '../../core/failures.ts';

/** Failures by which a service says: not now. */
const NOT_NOW = new Set([
  'InternalServerError',
  'InternalFailure',
  'InternalServiceError',
  'LimitExceededException',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestTimeout',
  'ServiceUnavailable',
  'ThrottlingException',
  'Throttling',
  'TimeoutError',
  'TooManyRequestsException',
  'TransactionConflictException',
  'TransactionInProgressException',
]);

interface SdkFailure {
  name?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number };
  $retryable?: object;
}

/** Makes a call; what may pass becomes a `TransientFailure` that names its cause and nothing else. */
export async function calling<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (failure) {
    throw isPassing(failure) ? new TransientFailure(failureName(failure), { cause: failure }) : failure;
  }
}

export function failureName(failure: unknown): string {
  return failure instanceof Error ? failure.name : 'unknown';
}

/** Whether a code, such as a batch's answer tells for one of its entries, says: not now. */
export function saysNotNow(code: string): boolean {
  return NOT_NOW.has(code);
}

/** Throttling, trouble on the other side, and a connection that broke. */
function isPassing(failure: unknown): boolean {
  const { name = '', code, $metadata, $retryable } = failure as SdkFailure;
  if (NOT_NOW.has(name) || $retryable !== undefined) return true;
  const status = $metadata?.httpStatusCode;
  if (status !== undefined) return status >= 500 || status === 429;
  // Of the socket, or of the name's look-up (EAI_AGAIN): there was no answer at all.
  return code !== undefined && /^(E[A-Z]+|EAI_[A-Z]+|UND_ERR_\w+)$/.test(code);
}

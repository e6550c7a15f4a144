import { describe, expect, it } from 'vitest';
import { calling, failureName } from '../../../adapters/aws/calling.ts';
import { TransientFailure } from '../../../core/failures.ts';
import { anAwsFailure } from '../../support/aws-sdk.ts';

const outcomeOf = (failure: unknown) => calling(() => Promise.reject(failure)).catch((thrown: unknown) => thrown);

describe('calling a service', () => {
  it('hands its answer on', async () => {
    expect(await calling(async () => 5)).toBe(5);
  });

  it.each([
    ['ProvisionedThroughputExceededException', 400],
    ['RequestLimitExceeded', 400],
    ['ThrottlingException', 400],
    ['RequestThrottled', 403],
    ['TransactionConflictException', 400],
    ['TransactionInProgressException', 400],
    ['LimitExceededException', 400],
    ['TooManyRequestsException', 429],
    ['InternalServerError', 500],
    ['ServiceUnavailable', 503],
    ['SomethingNew', 500],
    ['SomethingNew', 429],
  ])('takes %s (%i) for something that passes, and names it', async (name, status) => {
    const failure = anAwsFailure(name, { status, message: 'what somebody wrote' });
    const thrown = await outcomeOf(failure);
    expect(thrown).toBeInstanceOf(TransientFailure);
    expect(thrown).toMatchObject({ message: name, cause: failure });
  });

  it('believes the SDK where it says that a call may be made again', async () => {
    const failure = Object.assign(anAwsFailure('SomethingNew', { status: 400 }), { $retryable: {} });
    expect(await outcomeOf(failure)).toBeInstanceOf(TransientFailure);
  });

  it.each([
    ['TimeoutError', undefined],
    ['TimeoutError', 'ETIMEDOUT'],
    ['TimeoutError', 'ECONNRESET'],
    ['Error', 'ECONNREFUSED'],
    ['Error', 'ENOTFOUND'],
    ['Error', 'EAI_AGAIN'],
    ['Error', 'EPIPE'],
    ['Error', 'UND_ERR_SOCKET'],
  ])('takes a connection that broke (%s, %s) for something that passes', async (name, code) => {
    expect(await outcomeOf(anAwsFailure(name, code === undefined ? {} : { code }))).toBeInstanceOf(TransientFailure);
  });

  it.each([
    anAwsFailure('ValidationException', { status: 400 }),
    anAwsFailure('ResourceNotFoundException', { status: 400 }),
    anAwsFailure('AccessDeniedException', { status: 403 }),
    Object.assign(new TypeError('no such parameter'), { code: 'ERR_INVALID_ARG_TYPE' }),
    new TypeError('undefined is not a function'),
    'thrown text',
  ])('lets a mistake of ours through as it is: %s', async (failure) => {
    expect(await outcomeOf(failure)).toBe(failure);
  });
});

describe('the name of a failure', () => {
  it('is its class, and never its message', () => {
    expect(failureName(new RangeError('secret'))).toBe('RangeError');
    expect(failureName('secret')).toBe('unknown');
  });
});

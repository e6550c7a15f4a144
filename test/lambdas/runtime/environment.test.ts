import { afterEach, describe, expect, it, vi } from 'vitest';
import { readEnvironment } from '../../../lambdas/runtime/environment.ts';
import { defaultProvider, lambdaCredentials } from '../../../lambdas/runtime/lambda-credentials.ts';

afterEach(() => vi.unstubAllEnvs());

describe('the environment of a function', () => {
  it('is read at once, by the names that are asked for', () => {
    vi.stubEnv('THREAD_TABLE', 'Table');
    vi.stubEnv('LANE_QUEUE', 'https://lanes');
    expect(readEnvironment('THREAD_TABLE', 'LANE_QUEUE')).toEqual({
      THREAD_TABLE: 'Table',
      LANE_QUEUE: 'https://lanes',
    });
  });

  it('names every variable that is missing or empty, not only the first', () => {
    vi.stubEnv('THREAD_TABLE', 'Table');
    vi.stubEnv('MAIL_QUEUE', '');
    const reading = () => readEnvironment('LANE_QUEUE', 'THREAD_TABLE', 'MAIL_QUEUE', 'EVENT_BUS');
    expect(reading).toThrow('These variables are missing: LANE_QUEUE, MAIL_QUEUE, EVENT_BUS.');
    expect(reading).toThrow(expect.objectContaining({ name: 'BadEnvironment' }));
  });
});

describe('the credentials of a function', () => {
  it('are those that Lambda puts into its environment, as they are when they are asked for', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'id');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_SESSION_TOKEN', undefined);
    expect(lambdaCredentials()).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret' });
    const provide = defaultProvider();
    vi.stubEnv('AWS_SESSION_TOKEN', 'token');
    expect(await provide()).toEqual({ accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token' });
  });
});

import { describe, expect, it } from 'vitest';
import { bundle, FUNCTIONS } from '../support/bundle.ts';

const BYTES_MAX = 900_000;
/** What answers a customer who waits starts the fastest. */
const INTAKE_BYTES_MAX = 650_000;

describe('the bundles', () => {
  it('are of every function', () => {
    expect(FUNCTIONS.length).toBeGreaterThanOrEqual(6);
  });

  it.each(FUNCTIONS)(
    'of %s is small, and holds no maker of OpenAPI, no client of S3, no embedded adapter',
    async (name) => {
      const { bytes, inputs } = await bundle(name);
      expect(bytes).toBeLessThanOrEqual(name === 'intake' ? INTAKE_BYTES_MAX : BYTES_MAX);
      expect(inputs.filter((path) => /zod-openapi|client-s3|adapters\/embedded/.test(path))).toEqual([]);
    },
  );
});

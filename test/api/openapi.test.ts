import { createConfig, lintFromString } from '@redocly/openapi-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import checkedIn from '../../api/openapi.json' with { type: 'json' };
import { routes } from '../../api/routes/index.ts';
import { TestProduct } from '../support/product.ts';

describe('the OpenAPI document', () => {
  let t: TestProduct;
  beforeAll(() => {
    t = new TestProduct();
  });
  afterAll(() => t.stop());

  it('has every route', () => {
    const operations = Object.values(checkedIn.paths).flatMap((path) =>
      Object.values(path).map(({ operationId }) => operationId),
    );
    expect(operations.sort()).toEqual(routes.map(({ operationId }) => operationId).sort());
  });

  it('gives a strict linter nothing to report', async () => {
    const config = await createConfig({ extends: ['recommended-strict'] });
    const problems = await lintFromString({ source: JSON.stringify(checkedIn), config });
    expect(problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} at ${location[0]?.pointer}`)).toEqual(
      [],
    );
  });

  it('is served to anybody', async () => {
    const heard = await t.call('GET', '/v1/openapi.json');
    expect(heard.status).toBe(200);
    expect(heard.body).toEqual(checkedIn);
  });
});

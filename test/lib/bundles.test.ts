import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { ALIASES, BANNER, MAIN_FIELDS, TARGET } from '../../lib/constructs/bundling.ts';

const LAMBDAS = fileURLToPath(new URL('../../lambdas', import.meta.url));
const KILOBYTE = 1_000;
const KILOBYTES_MAX = 900;
/** What answers a customer who waits starts the fastest. */
const INTAKE_KILOBYTES_MAX = 650;

const functions = readdirSync(LAMBDAS).filter((name) => name !== 'runtime');

/** Bundles a function as the deployment does, and tells what is in it. */
async function bundle(name: string) {
  const { outputFiles, metafile } = await build({
    entryPoints: [`${LAMBDAS}/${name}/handler.ts`],
    bundle: true,
    write: false,
    metafile: true,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: TARGET,
    mainFields: MAIN_FIELDS,
    alias: ALIASES,
    banner: { js: BANNER },
    logLevel: 'error',
  });
  const bytes = outputFiles.reduce((sum, { contents }) => sum + contents.byteLength, 0);
  return { kilobytes: bytes / KILOBYTE, inputs: Object.keys(metafile.inputs) };
}

describe('the bundles', () => {
  it('are of every function', () => {
    expect(functions.length).toBeGreaterThanOrEqual(6);
  });

  it.each(functions)('of %s is small', async (name) => {
    const { kilobytes } = await bundle(name);
    expect(kilobytes).toBeLessThanOrEqual(name === 'intake' ? INTAKE_KILOBYTES_MAX : KILOBYTES_MAX);
  });

  it.each(functions)('of %s has no maker of OpenAPI, no SDK of S3 and no embedded adapter', async (name) => {
    const { inputs } = await bundle(name);
    expect(inputs.filter((path) => /zod-openapi|client-s3|adapters\/embedded/.test(path))).toEqual([]);
  });
});

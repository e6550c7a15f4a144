/** A function's bundle, made as the deployment makes it. */
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { ALIASES, BANNER, MAIN_FIELDS, TARGET } from '../../lib/constructs/bundling.ts';

const LAMBDAS = fileURLToPath(new URL('../../lambdas', import.meta.url));

/** Every function, by its folder. */
export const FUNCTIONS = readdirSync(LAMBDAS).filter((name) => name !== 'runtime');

const OPTIONS = {
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
} satisfies BuildOptions;

/** @param entry a function's folder, or source text to bundle instead */
export async function bundle(entry: string | { source: string }) {
  const what =
    typeof entry === 'string'
      ? { entryPoints: [`${LAMBDAS}/${entry}/handler.ts`] }
      : { stdin: { contents: entry.source, resolveDir: LAMBDAS } };
  const { outputFiles, metafile } = await build({ ...OPTIONS, ...what });
  const code = outputFiles.map(({ text }) => text).join('');
  return { code, bytes: Buffer.byteLength(code), inputs: Object.keys(metafile.inputs) };
}

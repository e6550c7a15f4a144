/**
 * How functions are bundled: small, since a cold start is the size of the bundle. Everything is bundled, the SDK too,
 * and what a function never needs is left out by name.
 */
import { fileURLToPath } from 'node:url';

const path = (relative: string): string => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

/** Packages that another module takes the place of. */
export const ALIASES: Record<string, string> = {
  // Lambda's credentials are in the environment: the chain of providers is a hundred kilobytes for nothing.
  '@aws-sdk/credential-provider-node': path('lambdas/runtime/lambda-credentials.ts'),
  // sanitize-html needs it for style attributes alone, of which none is let through.
  postcss: path('lambdas/runtime/no-postcss.ts'),
  // Else it is bundled twice, once for those who require it and once for those who import it.
  htmlparser2: path('node_modules/htmlparser2/dist/esm/index.js'),
};

/** CommonJS packages in an ES module call `require` for Node's own modules. */
export const BANNER = "import{createRequire}from'node:module';const require=createRequire(import.meta.url);";
export const MAIN_FIELDS = ['module', 'main'];
export const TARGET = 'node24';

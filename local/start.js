/**
 * The door to `main.ts`, in plain JavaScript so that nothing has to be compiled before the compile cache is on: every
 * start but the first is twice as fast, and 20 MB smaller.
 */
import { enableCompileCache } from 'node:module';

enableCompileCache();
await import('./main.ts');

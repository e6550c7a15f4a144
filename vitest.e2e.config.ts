/** The deployment test: stories side by side, then those that change the deployment, then what is left afterwards. */
import { defineConfig } from 'vitest/config';

/** Files that run side by side, once those of the groups before are done. */
const group = (groupOrder: number, name: string, include: string[]) => ({
  test: {
    name,
    include: include.map((pattern) => `test/e2e/${pattern}.e2e.ts`),
    setupFiles: ['test/e2e/setup-story.ts'],
    execArgv: ['--disable-warning=ExperimentalWarning'],
    pool: 'threads' as const,
    // Stories wait more than they work.
    maxWorkers: 12,
    testTimeout: 300_000,
    hookTimeout: 300_000,
    sequence: { groupOrder },
  },
});

export default defineConfig({
  test: {
    globalSetup: ['test/e2e/setup.ts'],
    teardownTimeout: 30_000,
    reporters: ['default', './test/e2e/report.ts'],
    projects: [
      group(0, 'stories', ['!(redeploy|afterwards)']),
      group(1, 'redeploy', ['redeploy']),
      group(2, 'afterwards', ['afterwards']),
    ],
  },
});

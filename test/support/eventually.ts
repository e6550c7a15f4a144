/** For what a port promises only after a while, such as lists that lag. */

const TRIES_MAX = 2_000;
const PAUSE_MS = 5;

/** Tries until `check` no longer throws. @throws what it threw last, after some ten seconds */
export async function eventually(check: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await check();
      return;
    } catch (failure) {
      if (tries === TRIES_MAX) throw failure;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** For what a port promises only after a while, such as lists that lag. */

const PAUSE_MS = 5;

/** How long it is tried at least. A deployment on a busy machine wants more. */
export const patience = { ms: 10_000 };

/** Tries until `check` no longer throws. @throws what it threw last, when patience is over */
export async function eventually(check: () => Promise<unknown>, pauseMs = PAUSE_MS): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    try {
      await check();
      return;
    } catch (failure) {
      if (waitedMs >= patience.ms) throw failure;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

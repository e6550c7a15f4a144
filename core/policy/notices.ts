/** When colleagues are told by mail of what a customer wrote. Minutes are real ones: a burst has no office hours. */
import * as z from 'zod';

const minutes = z.int().min(0).max(1_440);

/** Nobody is told late who was not told just now, or is not there to see it. */
export const DEFAULT_NOTICES = { digestMinutes: 1, firstWaits: false, onThreadMinutes: 5, off: [] };

export const noticesSchema = z.strictObject({
  /** What comes so soon after a notice, and before any answer, is one more mail when that is over. 0: none waits. */
  digestMinutes: minutes.default(DEFAULT_NOTICES.digestMinutes),
  /** Whether the first message waits for as long, so that it and what follows are one mail. */
  firstWaits: z.boolean().default(DEFAULT_NOTICES.firstWaits),
  /**
   * So long after an agent last did something at the inbox in a thread that is theirs, they see what comes: the notice
   * waits until then, and is not sent where the customer was answered meanwhile. 0: it does not wait.
   */
  onThreadMinutes: minutes.default(DEFAULT_NOTICES.onThreadMinutes),
  /** Who gets none: `agent:ana`, of threads that are theirs; `team:billing`, of those that nobody of it has. */
  off: z.array(z.templateLiteral([z.enum(['agent', 'team']), ':', z.string().min(1)])).default(DEFAULT_NOTICES.off),
});

/** Delivers a recipient's mails one after the other: one that has to wait keeps those behind it waiting. */
import { type DeliverDeps, deliver } from './deliver.ts';
import type { MailJob } from './send.ts';

/** @returns how many, from the first, are done; when the next may come again, or why it failed */
export async function deliverInOrder(
  jobs: MailJob[],
  deps: DeliverDeps,
): Promise<{ done: number; retryInMs?: number; failure?: unknown }> {
  for (const [done, job] of jobs.entries()) {
    try {
      const delivered = await deliver(job, deps);
      if (delivered !== 'done') return { done, retryInMs: delivered.retryInMs };
    } catch (failure) {
      return { done, failure };
    }
  }
  return { done: jobs.length };
}

/** Who calls by the link of a mail, and what the form behind it says. */
import { claimedBusinessOfRatingToken, threadOfRatingToken } from '../core/rating/rating-token.ts';
import type { Principal } from './auth/principal.ts';
import { notFound } from './problem.ts';
import type { ApiDeps } from './route.ts';

/** The customer of the thread, as far as a link that was passed on may stand for them. @throws {Problem} 404 */
export async function raterBy(token: string, deps: ApiDeps): Promise<Principal> {
  const { policies, secrets, threads, clock } = deps;
  const business = claimedBusinessOfRatingToken(token);
  const isServed = policies.current(business) !== undefined;
  const known = isServed ? await secrets.of(business) : undefined;
  const threadId = known && threadOfRatingToken(known.capabilityKeys, token, clock.now());
  const thread = threadId === undefined ? undefined : await threads.load(threadId);
  if (thread === undefined) throw notFound('link');
  return { kind: 'capability', business, customer: thread.customer, threadId: thread.id };
}

/** A rating as JSON would say it; a browser sends lines that end in CR LF, and what was left empty. */
export function ratingInForm(fields: URLSearchParams): object {
  const comment = (fields.get('comment') ?? '').replaceAll('\r\n', '\n').trim();
  return {
    ...(fields.has('score') ? { score: Number(fields.get('score')) } : {}),
    ...(comment === '' ? {} : { comment }),
  };
}

/** What a customer calls who wrote as a visitor before they logged in. */

import { claimedBusinessOfCapability, verifyCapability } from '../../core/capability.ts';
import { factsBy } from '../../core/customer/facts.ts';
import { isAnonymous, type Profile, type Proof } from '../../core/customer/profile.ts';
import { linkedProfile } from '../../core/customer/upsert.ts';
import { identityBody } from '../customer-requests.ts';
import { linkThreads, ownRecord } from '../known-customer.ts';
import { invalid } from '../problem.ts';
import { orProblem } from '../records.ts';
import { noQuery } from '../requests.ts';
import { type Call, type Route, route } from '../route.ts';
import { submit } from '../submit.ts';
import { hasRecord } from './record-writes.ts';
import { ACCEPTED } from './shared.ts';

/**
 * Whoever has the token of a thread is its customer, and whoever calls is one whom the business knows: so they are the
 * same. The thread of the token is told by the command whose outcome is answered, what followed from it beside.
 */
const linkIdentity = route({
  method: 'POST',
  path: '/v1/identities',
  operationId: 'linkIdentity',
  summary: 'Say by its token that a visitor’s thread is yours; from then on it is, and the token is worth nothing',
  tag: 'Customers',
  callers: ['customer'],
  query: noQuery,
  body: identityBody,
  answers: ACCEPTED,
  handle: async (call) => {
    const { principal, policy, deps } = call;
    if (principal.kind !== 'customer') throw new RangeError('A route for customers lets others in.');
    const { threadId, customerId: linked } = await grantedBy(call);
    const isSomebody = !isAnonymous(linked) || (await deps.customers.load('customer', policy.business, linked));
    if (isSomebody) throw hasRecord();
    const proof: Proof = { by: 'capability', at: deps.clock.now() };
    const link = (profile: Profile) => linkedProfile(profile, linked, proof);
    const { record } = await orProblem(call, () => ownRecord(call, principal, link));
    const customer = await factsBy(call.deps.customers, call.policy.business, record);
    const author = { kind: 'customer', id: customer.id, name: customer.name } as const;
    await linkThreads(call, { customer, linked, author }, threadId);
    return submit(call, {
      thread: { id: threadId },
      author: () => author,
      body: () => ({ type: 'customer-told', customer, linked }),
    });
  },
});

export const identityRoutes: Route[] = [linkIdentity];

/** @throws {Problem} 422 */
async function grantedBy({ body, policy, ids, deps }: Call<unknown, unknown, { token: string }>) {
  const isOwn = claimedBusinessOfCapability(body.token) === policy.business;
  const secrets = isOwn ? await deps.secrets.of(policy.business) : undefined;
  const granted = secrets && verifyCapability(secrets.capabilityKeys, body.token);
  if (granted === undefined || ids.verify(granted.threadId)?.kind !== 'thr') {
    throw invalid('/token', 'is not a capability token of this business');
  }
  return granted;
}

/** What agents and back offices call to say what is true of customers and organisations. */
import { factsBy } from '../../core/customer/facts.ts';
import { blankOrganisation } from '../../core/customer/organisation.ts';
import { blankProfile, isAnonymous, type Proof } from '../../core/customer/profile.ts';
import { changedOrganisation, changedProfile } from '../../core/customer/upsert.ts';
import * as answers from '../customer-answers.ts';
import * as requests from '../customer-requests.ts';
import { knownCustomerView, organisationView } from '../customer-views.ts';
import { linkThreads, tellThreads } from '../known-customer.ts';
import { invalid, Problem } from '../problem.ts';
import { changeByAgent, domainOrganisationOf } from '../records.ts';
import { customerId, noQuery } from '../requests.ts';
import { type Call, type Route, route } from '../route.ts';
import { AGENT, agentIn } from './shared.ts';

/** The record first, then whoever has to know: a repeated call finds it as it is, and tells who was not told. */
const putCustomer = route({
  ...AGENT,
  method: 'PUT',
  path: '/v1/agent/customers/{id}',
  operationId: 'putCustomer',
  summary: 'Say what is true of a customer; what is left out stays as it is, null takes it back',
  right: 'customers',
  query: noQuery,
  body: requests.customerBody,
  answers: { 200: { description: 'The customer as they are now.', schema: answers.customerUpserted } },
  handle: async (call) => {
    const { body, deps } = call;
    const id = idIn(call);
    const { id: agent, name } = agentIn(call);
    const proof: Proof = { by: `agent:${agent}`, at: deps.clock.now() };
    await checkReferences(call);
    const { status, record } = await changeByAgent(call, 'customer', id, async (before) => {
      const after = changedProfile(before ?? blankProfile(id), body, proof);
      return { ...after, domainOrganisation: await domainOrganisationOf(call, after.addresses) };
    });
    const customer = await factsBy(call.deps.customers, call.policy.business, record);
    const author = { kind: 'agent', id: agent, name } as const;
    await tellThreads(call, customer, author);
    for (const linked of body.identities ?? []) await linkThreads(call, { customer, linked, author });
    return { status: 200, body: { status, ...knownCustomerView(record, customer) } };
  },
});

const putOrganisation = route({
  ...AGENT,
  method: 'PUT',
  path: '/v1/agent/organisations/{id}',
  operationId: 'putOrganisation',
  summary: 'Say what is true of an organisation; what is left out stays as it is, null takes it back',
  right: 'customers',
  query: noQuery,
  body: requests.organisationBody,
  answers: { 200: { description: 'The organisation as it is now.', schema: answers.organisationUpserted } },
  handle: async (call) => {
    const id = idIn(call);
    const { status, record } = await changeByAgent(call, 'organisation', id, (before) =>
      changedOrganisation(before ?? blankOrganisation(id), call.body),
    );
    return { status: 200, body: { status, ...organisationView(record) } };
  },
});

export const recordWriteRoutes: Route[] = [putCustomer, putOrganisation];

/** @throws {Problem} 422 */
function idIn({ params }: Call<{ id: string }, unknown, unknown>): string {
  const { data } = customerId.safeParse(params.id);
  if (data === undefined) throw invalid('id', 'is over the limit of 255 characters');
  return data;
}

/** @throws {Problem} 409, 422 */
async function checkReferences(
  call: Call<unknown, unknown, { organisation?: string | null | undefined; identities?: string[] | undefined }>,
): Promise<void> {
  const { organisation, identities = [] } = call.body;
  const load = <K extends 'customer' | 'organisation'>(kind: K, id: string) =>
    call.deps.customers.load(kind, call.policy.business, id);
  if (typeof organisation === 'string' && (await load('organisation', organisation)) === undefined) {
    throw invalid('/organisation', 'is not an organisation of this business');
  }
  for (const [index, identity] of identities.entries()) {
    if (!isAnonymous(identity)) throw invalid(`/identities/${index}`, 'is not the id of a visitor or a mail address');
    if ((await load('customer', identity)) !== undefined) throw hasRecord();
  }
}

/** Somebody of whom there is a record is a customer already, and not linked to another. */
export function hasRecord(): Problem {
  return new Problem(409, 'identity-has-record', { detail: 'Whoever wrote under that id has a record of their own.' });
}

/** What agents call to see customers and organisations. */
import { factsBy } from '../../core/customer/facts.ts';
import type { RecordKind, Records } from '../../core/customer/record.ts';
import { agentThreadPage } from '../answers.ts';
import * as answers from '../customer-answers.ts';
import { customerView, knownCustomerView, organisationView } from '../customer-views.ts';
import { notFound } from '../problem.ts';
import { pageOf, threadsPage } from '../reading.ts';
import { noQuery, pageQuery } from '../requests.ts';
import { type Call, type Route, route } from '../route.ts';
import { agentThreadView } from '../views.ts';
import { AGENT } from './shared.ts';

const READ = { ...AGENT, method: 'GET', right: 'read' } as const;

const listCustomers = route({
  ...READ,
  path: '/v1/agent/customers',
  operationId: 'listCustomers',
  summary: 'The customers of whom there is a record, by id',
  query: pageQuery,
  answers: { 200: { description: 'A page of customers.', schema: answers.customerPage } },
  handle: (call) =>
    pageOf(call, (page) => call.deps.customers.list('customer', call.policy.business, page), customerView),
});

const readCustomer = route({
  ...READ,
  path: '/v1/agent/customers/{id}',
  operationId: 'readCustomer',
  summary: 'A customer: what is set, what was told, and what counts',
  query: noQuery,
  answers: { 200: { description: 'The customer.', schema: answers.knownCustomer } },
  handle: async (call) => {
    const profile = await recordIn(call, 'customer');
    return {
      status: 200,
      body: knownCustomerView(profile, await factsBy(call.deps.customers, call.policy.business, profile)),
    };
  },
});

const listCustomerThreads = route({
  ...READ,
  path: '/v1/agent/customers/{id}/threads',
  operationId: 'listCustomerThreads',
  summary: 'The threads of a customer, newest first',
  query: pageQuery,
  answers: { 200: { description: 'A page of threads.', schema: agentThreadPage } },
  handle: (call) => {
    const list = { by: 'customer', business: call.policy.business, customer: call.params.id } as const;
    return threadsPage(call, list, agentThreadView);
  },
});

const listOrganisations = route({
  ...READ,
  path: '/v1/agent/organisations',
  operationId: 'listOrganisations',
  summary: 'The organisations, by id',
  query: pageQuery,
  answers: { 200: { description: 'A page of organisations.', schema: answers.organisationPage } },
  handle: (call) =>
    pageOf(call, (page) => call.deps.customers.list('organisation', call.policy.business, page), organisationView),
});

const readOrganisation = route({
  ...READ,
  path: '/v1/agent/organisations/{id}',
  operationId: 'readOrganisation',
  summary: 'An organisation',
  query: noQuery,
  answers: { 200: { description: 'The organisation.', schema: answers.organisation } },
  handle: async (call) => ({ status: 200, body: organisationView(await recordIn(call, 'organisation')) }),
});

export const recordReadRoutes: Route[] = [
  listCustomers,
  readCustomer,
  listCustomerThreads,
  listOrganisations,
  readOrganisation,
];

/** @throws {Problem} 404 */
async function recordIn<K extends RecordKind>(
  { deps, policy, params }: Call<{ id: string }, unknown, unknown>,
  kind: K,
): Promise<Records[K]> {
  const record = await deps.customers.load(kind, policy.business, params.id);
  if (record === undefined) throw notFound(kind);
  return record;
}

/** What goes out about customers and organisations: these schemas type it, and make the OpenAPI document. */
import * as z from 'zod';
import { agentThread, attributes, nextCursor } from './answers.ts';

const text = z.string().nullable();
const instant = z.iso.datetime();
const proof = { by: z.string().describe('`token`, `capability`, or `agent:` and their id.'), at: instant };
const record = { version: z.int(), createdAt: instant, updatedAt: instant };

const facts = agentThread.shape.customer.describe(
  'What counts: what is set, before what is told, before what is true of the organisation.',
);
const customerShape = {
  id: z.string(),
  name: text,
  locale: text,
  zoneinfo: text,
  plan: text,
  segments: z.array(z.string()),
  organisation: text,
  domainOrganisation: text.describe('By the domain of a proved address; counts where no organisation is set.'),
  attributes,
  emails: z.array(z.object({ address: z.string(), ...proof })),
  identities: z.array(z.object({ id: z.string(), ...proof })),
  told: z
    .object({ name: text, email: text, locale: text, zoneinfo: text, attributes })
    .nullable()
    .describe('What the customer’s own token told last.'),
  ...record,
};
const organisationShape = {
  id: z.string(),
  name: text,
  domains: z.array(z.string()),
  segments: z.array(z.string()),
  attributes,
  ...record,
};
const status = z.enum(['created', 'updated', 'unchanged']);

export const customer = z.object(customerShape).meta({ id: 'Customer' });
export const knownCustomer = z.object({ ...customerShape, facts }).meta({ id: 'KnownCustomer' });
export const customerUpserted = z.object({ status, ...customerShape, facts }).meta({ id: 'CustomerUpserted' });
export const customerPage = z.object({ items: z.array(customer), next: nextCursor }).meta({ id: 'CustomerPage' });
export const organisation = z.object(organisationShape).meta({ id: 'Organisation' });
export const organisationUpserted = z.object({ status, ...organisationShape }).meta({ id: 'OrganisationUpserted' });
export const organisationPage = z
  .object({ items: z.array(organisation), next: nextCursor })
  .meta({ id: 'OrganisationPage' });

/** `/local/samples`: what every mail and page for customers would look like, for the page that shows them. */
import * as z from 'zod';
import { invalid } from '../api/problem.ts';
import { checkQuery } from '../api/request.ts';
import { LANGUAGES } from '../core/policy/languages.ts';
import type { Product } from './product.ts';
import { type SampleMail, sampleMails } from './sample-mails.ts';
import { samplePages } from './sample-pages.ts';
import type { ServerApp } from './server.ts';

const samplesQuery = z.strictObject({ business: z.string().optional(), language: z.enum(LANGUAGES).optional() });

export function sampleRoutes(app: ServerApp, { stores: { policies } }: Product): void {
  app.get('/local/samples/choices', ({ json }) => json({ businesses: policies.businesses(), languages: LANGUAGES }));
  app.get('/local/samples/mails', ({ req, json }) => {
    const { business, language } = checkQuery(samplesQuery, req.query());
    const policy = policies.current(business ?? policies.businesses()[0] ?? '');
    if (policy === undefined) throw invalid('business', `is one of ${policies.businesses().join(', ')}`);
    const spoken = language ?? policy.languageFor(null);
    const pages = samplePages(policy, spoken).map(({ name, html }) => ({ name, html }));
    return json([...sampleMails(policy, spoken).map(sampleView), ...pages]);
  });
}

function sampleView({ name, mail: { from, to, subject, text, html, headers } }: SampleMail) {
  return { name, from: `${from.name} <${from.address}>`, to: to.address, subject, headers, text, html };
}

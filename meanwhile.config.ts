/**
 * The businesses that are served: what a platform team edits. Every exported `defineBusiness` is loaded; names that
 * are referred to are checked by the compiler, everything else at start, with every error listed.
 */
import { defineBusiness } from './core/policy/define-business.ts';

export const acme = defineBusiness({
  id: 'acme',
  name: 'Acme GmbH',
  languages: ['en', 'de'],
  calendars: {
    office: { timeZone: 'Europe/Berlin', hours: { mon_thu: ['08:00-12:00', '13:00-17:30'], fri: ['08:00-15:00'] } },
  },
  agents: {
    ana: { name: 'Ana Keller', email: 'ana@acme.example', role: 'lead' },
    ben: { name: 'Ben Okafor', email: 'ben@acme.example' },
  },
  teams: {
    support: { name: 'Support', address: 'support@acme.example', calendar: 'office', agents: ['ana', 'ben'] },
    billing: {
      name: 'Billing',
      address: 'billing@acme.example',
      calendar: 'office',
      agents: ['ana'],
      topics: ['billing', 'invoice'],
    },
  },
  defaultTeam: 'support',
  replyTarget: { first: '4h', next: '8h' },
  closeAfter: '4d',
  mail: { repliesAt: 'in.acme.example' },
  agentIssuers: [{ issuer: 'https://login.acme.example', audience: 'meanwhile', algorithms: ['RS256', 'ES256'] }],
  publishableKeys: ['pk_acme_example0'],
});

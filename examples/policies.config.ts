/**
 * A business with rules and deadlines, to try them out: docs/story.md tells what happens to a message under it.
 *
 *   npm start -- --config examples/policies.config.ts --clock manual --at 2026-11-27T15:30:00Z
 */
import { defineBusiness } from '../core/policy/define-business.ts';

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
  routing: [
    {
      id: 'intake',
      on: ['start'],
      mode: 'first',
      rules: [
        { id: 'outage', when: { text: ['outage', 'down', 'not working'] }, do: { priority: 'urgent' } },
        {
          id: 'money',
          when: { text: ['invoice*', 'refund*', 'payment*'] },
          do: { team: 'billing', addTags: ['money'] },
        },
      ],
    },
  ],
  sla: [
    {
      id: 'urgent',
      when: { priority: ['urgent'] },
      metrics: {
        'first-reply': {
          within: '1h',
          warnings: [{ before: '30m', do: { notify: ['owner'] } }],
          breach: { notify: ['agent:ana'] },
        },
        'total-resolution': { within: '1d' },
      },
    },
    {
      id: 'everybody',
      metrics: {
        'first-reply': {
          within: '4h',
          warnings: [{ before: '1h', do: { notify: ['owner'] } }],
          breach: { priority: 'raise', assignee: 'ana', notify: ['agent:ana'] },
          repeats: { every: '4h', times: 3, do: { notify: ['agent:ana', 'team'] } },
        },
        'next-reply': { within: '8h', breach: { notify: ['owner'] } },
        'requester-wait': { within: '5d' },
      },
    },
  ],
  closeAfter: '4d',
  agentIssuers: [{ issuer: 'https://login.acme.example', audience: 'meanwhile', algorithms: ['RS256', 'ES256'] }],
  publishableKeys: ['pk_acme_example0'],
});

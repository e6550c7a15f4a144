/** The businesses of the deployment test. What changes between two deployments comes from the environment. */
import { defineBusiness } from '../../core/policy/define-business.ts';

const { MEANWHILE_E2E_ISSUER = 'http://127.0.0.1', MEANWHILE_E2E_FIRST_REPLY = '4h' } = process.env;

/** Always open, so that what is promised does not depend on when the test runs. */
const calendars = { always: { timeZone: 'UTC', hours: { mon_sun: ['00:00-24:00'] } } };
const agentIssuers = [{ issuer: MEANWHILE_E2E_ISSUER, audience: 'meanwhile', algorithms: ['ES256' as const] }];
/** Wide enough for the stories that write much; visitors keep the usual one. */
const rates = { customer: { perMinute: 6_000, burst: 1_000 } };

export const acme = defineBusiness({
  id: 'acme',
  name: 'Acme GmbH',
  languages: ['en', 'de'],
  calendars,
  agents: {
    ana: { name: 'Ana Keller', email: 'ana@acme.example', role: 'lead' },
    ben: { name: 'Ben Okafor', email: 'ben@acme.example' },
    eve: { name: 'Eve Adler', email: 'eve@acme.example', role: 'observer' },
  },
  teams: {
    support: { name: 'Support', address: 'support@acme.example', calendar: 'always', agents: ['ana', 'ben'] },
    billing: {
      name: 'Billing',
      address: 'billing@acme.example',
      calendar: 'always',
      agents: ['ana'],
      topics: ['billing'],
    },
  },
  defaultTeam: 'support',
  replyTarget: { first: MEANWHILE_E2E_FIRST_REPLY, next: '2h' },
  agentIssuers,
  publishableKeys: ['pk_acme_deployed'],
  mail: { repliesAt: 'in.acme.example' },
  // So that it can be seen that each message has its notice, in order.
  notices: { digestMinutes: 0, onThreadMinutes: 0 },
  rates,
});

/** Another tenant, which closes its threads soon. */
export const brisk = defineBusiness({
  id: 'brisk',
  name: 'Brisk AG',
  languages: ['de'],
  calendars,
  agents: { uli: { name: 'Uli Roth', email: 'uli@brisk.example' } },
  teams: { help: { name: 'Hilfe', address: 'help@brisk.example', calendar: 'always', agents: ['uli'] } },
  defaultTeam: 'help',
  replyTarget: { first: '30m', next: '30m' },
  closeAfter: '1m',
  agentIssuers,
  rates,
});

/** One that gives its threads out, by what is written in them. */
export const giver = defineBusiness({
  id: 'giver',
  name: 'Giver Inc',
  languages: ['en', 'de'],
  calendars,
  agents: {
    gus: { name: 'Gus Hale', email: 'gus@giver.example', role: 'lead', capacity: 1 },
    mia: { name: 'Mia Lund', email: 'mia@giver.example', skills: ['german'] },
  },
  teams: {
    desk: { name: 'Desk', address: 'desk@giver.example', calendar: 'always', agents: ['gus'], assign: 'balanced' },
    german: {
      name: 'Deutsch',
      address: 'de@giver.example',
      calendar: 'always',
      agents: ['mia'],
      assign: 'round-robin',
    },
  },
  defaultTeam: 'desk',
  replyTarget: { first: '8h', next: '8h' },
  routing: [
    {
      id: 'words',
      on: ['start'],
      mode: 'all',
      rules: [
        { id: 'german', when: { language: ['de'] }, do: { team: 'german', skills: ['german'] } },
        { id: 'order', when: { pattern: ['order \\d{6}'] }, do: { priority: 'high' } },
      ],
    },
    {
      id: 'clock',
      on: ['time'],
      mode: 'all',
      rules: [{ id: 'soon', when: { waiting: '1m', priority: ['high'] }, do: { addTags: ['late'] } }],
    },
  ],
  sla: [{ id: 'high', when: { priority: ['high'] }, metrics: { 'first-reply': { within: '1h' } } }],
  agentIssuers,
  rates,
});

/** One that asks how content its customers were, at once. */
export const asker = defineBusiness({
  id: 'asker',
  name: 'Asker Ltd',
  languages: ['en'],
  calendars,
  agents: { kim: { name: 'Kim Berg', email: 'kim@asker.example' } },
  teams: { desk: { name: 'Desk', address: 'desk@asker.example', calendar: 'always', agents: ['kim'] } },
  defaultTeam: 'desk',
  replyTarget: { first: '8h', next: '8h' },
  letters: { rating: { after: '1m' } },
  agentIssuers,
  rates,
});

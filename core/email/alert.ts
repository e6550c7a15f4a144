/** The mail that tells a colleague of a deadline, or what a rule wants them to know: no word of what was written. */
import type { Metric } from '../sla/metric.ts';
import { ADDRESS_BOUNCED, type Entry } from '../thread/entry.ts';
import { type About, customerLine, envelope, GENERATED, page, tableOf, teamReader } from './frame.ts';
import { escapeHtml } from './html.ts';
import type { OutgoingMail } from './mail.ts';
import { instantInWords } from './texts.ts';

export interface Alert extends About {
  entry: Entry & { type: 'notified' };
}

const NAMES: Record<Metric, string> = {
  'first-reply': 'First reply',
  'next-reply': 'Next reply',
  'periodic-update': 'Next update',
  'pausable-update': 'Next update',
  'requester-wait': 'Customer’s wait',
  'agent-work': 'Work of agents',
  'total-resolution': 'Resolution',
  'group-ownership': 'Time with the team',
};

const BOUNCED = {
  short: 'Mail came back',
  long: 'The customer’s address takes no mail, so nothing more is sent there. Reach them some other way.',
};

export function composeAlert(alert: Alert): OutgoingMail {
  const { threadId, facts, entry, policy } = alert;
  const { team, topic, assignee } = facts;
  const said = sayingOf(alert);
  const lines: [string, string][] = [
    ['Customer', customerLine(alert)],
    ['Team', policy.team(team ?? '')?.name ?? '–'],
    ['Owner', policy.agent(assignee ?? '')?.name ?? 'nobody'],
    ...(topic === null ? [] : [['Topic', topic] as [string, string]]),
    ['Why', entry.cause.rule ?? ''],
    ['Thread', threadId],
  ];
  return {
    ...envelope('alert', alert, policy.source.name, GENERATED),
    subject: `[${policy.source.name}] ${said.short}: ${facts.subject}`,
    text: `${said.long}\n\n${lines.map(([label, value]) => `${label}: ${value}`).join('\n')}`,
    html: page(`<p>${escapeHtml(said.long)}</p>`, tableOf(lines)),
    attachments: [],
  };
}

function sayingOf(alert: Alert): { short: string; long: string } {
  const { of, cause } = alert.entry;
  if (cause.rule === ADDRESS_BOUNCED) return BOUNCED;
  if (of === null) return { short: 'For you to know', long: 'A rule of your policy wants you to see this thread.' };
  const when = instantInWords(of.dueAt, teamReader(alert));
  const name = NAMES[of.metric];
  if (of.event === 'warned') return { short: `${name} due`, long: `${name} is due by ${when}.` };
  const again = of.event === 'repeated' ? ' still' : '';
  return { short: `${name}${again} overdue`, long: `${name} was due by ${when}, and is${again} not done.` };
}

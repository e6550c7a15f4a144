/** What all mails share: sender, recipient, the headers that keep a thread together, the page around the words. */
import type { LetterFacts } from '../delivery/send.ts';
import type { MailKind } from '../effect/effect.ts';
import { sendIdOf } from '../ids.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Entry } from '../thread/entry.ts';
import { escapeHtml } from './html.ts';
import type { MailAddress } from './mail.ts';
import type { Marks } from './marks.ts';
import type { Reader } from './texts.ts';

/** What a mail is about, and to whom. */
export interface About {
  threadId: string;
  /** The thread as the entry left it. */
  facts: LetterFacts;
  entry: Entry;
  to: MailAddress;
  policy: CompiledPolicy;
  marks: Marks;
}

export const AUTOMATIC = { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' }; // RFC 3834 §5
export const GENERATED = { ...AUTOMATIC, 'Auto-Submitted': 'auto-generated' };
/**
 * What every mail of a thread has: sender, recipient, and headers that let mail programs show the thread as one. All
 * mails refer to one made-up root, so that threading needs no memory of earlier ids (RFC 5322 §3.6.4).
 */
export function envelope(
  kind: MailKind,
  { threadId, facts, entry, to, policy, marks }: About,
  sender: string,
  headers: object,
) {
  const { address } = policy.teamOrDefault(facts.team);
  // One domain, whichever team has the thread: its mails stay one conversation when it moves.
  const domain = policy.defaultTeam.address.slice(policy.defaultTeam.address.lastIndexOf('@') + 1);
  const root = `<${threadId}@${domain}>`;
  return {
    from: { name: sender, address },
    to,
    headers: {
      'Message-ID': `<${sendIdOf(threadId, entry.seq, kind)}@${domain}>`,
      'In-Reply-To': root,
      References: root,
      'X-Meanwhile-Loop': marks.loop,
      ...(marks.replyTo === null ? {} : { 'Reply-To': marks.replyTo }),
      ...headers,
    },
  };
}

/** The team: in English, and in its own zone. */
export function teamReader({ facts, policy }: Pick<About, 'facts' | 'policy'>): Reader {
  return { language: 'en', timeZone: policy.teamOrDefault(facts.team).hours.timeZone, isOwnZone: true };
}

/** Who the customer is, to the team. */
export function customerLine({ facts: { customer } }: Pick<About, 'facts'>): string {
  return [customer.name, customer.email ?? customer.id].filter((part) => part !== null).join(' · ');
}

/** Labels and what they say, as a table. */
export function tableOf(lines: [label: string, value: string][]): string {
  const rows = lines.map(([label, value]) => `<tr><th>${label}</th><td>${escapeHtml(value)}</td></tr>`).join('');
  return `<table>${rows}</table>`;
}

const STYLE =
  'body{font:16px/1.5 system-ui,sans-serif;color:#1c2733;margin:0;padding:24px;max-width:640px}' +
  'blockquote{margin:0;padding-left:12px;border-left:3px solid #d5dce4;color:#5a6875}' +
  'footer{margin-top:24px;padding-top:12px;border-top:1px solid #e4e9ee;color:#5a6875;font-size:14px}' +
  'th{text-align:left;vertical-align:top;padding-right:16px;font-weight:600}td{overflow-wrap:anywhere}';

export function page(main: string, footer: string): string {
  return `<!doctype html><html><head><meta charset="utf-8"><style>${STYLE}</style></head><body>${main}<footer>${footer}</footer></body></html>`;
}

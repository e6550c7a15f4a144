/** What all mails share: sender, recipient, the headers that keep a thread together, and how they are made whole. */
import type { LetterFacts } from '../delivery/send.ts';
import type { MailKind } from '../effect/effect.ts';
import { sendIdOf } from '../ids.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Entry } from '../thread/entry.ts';
import { alsoAnswered } from '../thread/participants.ts';
import { domainOf } from './address.ts';
import type { Reader } from './instants.ts';
import { type Block, htmlOf, type Letterhead, textOf } from './layout.ts';
import type { MailAddress, OutgoingMail } from './mail.ts';
import type { Marks } from './marks.ts';
import { messageId, threadingHeaders } from './threading.ts';
import { type Voice, voiceIn } from './voice.ts';

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

/** RFC 3834 §5; and for Exchange ([MS-OXCMAIL] §2.1.3.2.20) all answers but that the mail did not arrive (`NDR`). */
export const AUTOMATIC = {
  'Auto-Submitted': 'auto-replied',
  'X-Auto-Response-Suppress': 'DR, RN, NRN, OOF, AutoReply',
};
export const GENERATED = { ...AUTOMATIC, 'Auto-Submitted': 'auto-generated' };
/** What every mail of a thread has: sender, recipients, and headers that let mail programs show the thread as one. */
export function envelope(
  kind: MailKind,
  { threadId, facts, entry, to, policy, marks }: About,
  sender: string,
  headers: object,
) {
  const { address } = policy.teamOrDefault(facts.team);
  // One domain, whichever team has the thread: its mails stay one conversation when it moves.
  const domain = domainOf(policy.defaultTeam.address);
  const cc = kind === 'reply' ? alsoAnswered(facts.participants ?? [], to, policy) : [];
  return {
    from: { name: sender, address },
    to,
    ...(cc.length === 0 ? {} : { cc }),
    headers: {
      'Message-ID': messageId(sendIdOf(threadId, entry.seq, kind), domain),
      ...threadingHeaders(threadId, domain, facts.mailIds ?? []),
      'X-Meanwhile-Loop': marks.loop,
      ...(marks.replyTo === null ? {} : { 'Reply-To': marks.replyTo }),
      ...headers,
    },
  };
}

/** What a mail says: the subject, its blocks, and both again as text and HTML. */
export function saying(
  voice: Voice,
  head: Omit<Letterhead, 'footer'>,
  blocks: Block[],
  footer: string | null = voice.signature,
): Pick<OutgoingMail, 'subject' | 'text' | 'html' | 'attachments'> {
  // A text of the policy may have lines; a subject has one, and SES refuses the mail otherwise.
  const subject = head.subject.replace(/\p{Cc}+/gu, ' ');
  const whole = { ...head, subject, footer };
  return { subject, text: textOf(blocks, whole), html: htmlOf(blocks, whole, voice), attachments: [] };
}

/** A colleague: an agent in the language they chose, everybody else in the business's own. */
export function colleagueVoice({ to, policy }: Pick<About, 'to' | 'policy'>): Voice {
  const agent = policy.agentOf({ email: to.address });
  const language = agent && policy.source.agents[agent.id]?.language;
  return voiceIn(language ?? policy.languageFor(null), policy);
}

/** Colleagues read instants in their team's zone. */
export function colleagueReader({ facts, policy }: Pick<About, 'facts' | 'policy'>, { language }: Voice): Reader {
  return { language, timeZone: policy.teamOrDefault(facts.team).hours.timeZone, isOwnZone: true };
}

export function customerVoice({ facts, policy }: Pick<About, 'facts' | 'policy'>): Voice {
  return voiceIn(policy.languageFor(facts.customer.locale), policy);
}

/** The customer: in their language, and in their zone if that is known. */
export function customerReader({ facts, policy }: Pick<About, 'facts' | 'policy'>): Reader {
  const { team, customer } = facts;
  const { locale, zoneinfo } = customer;
  const timeZone = zoneinfo ?? policy.teamOrDefault(team).hours.timeZone;
  return { language: policy.languageFor(locale), timeZone, isOwnZone: zoneinfo !== null };
}

export function greeting({ facts }: Pick<About, 'facts'>, { say }: Voice): string {
  const { name } = facts.customer;
  return name === null ? say('greetingNobody') : say('greeting', { name });
}

/** Who the customer is, to the team. */
export function customerLine({ facts: { customer } }: Pick<About, 'facts'>): string {
  return [customer.name, customer.email ?? customer.id].filter((part) => part !== null).join(' · ');
}

export function replySubject(subject: string): string {
  return /^re:/i.test(subject) ? subject : `Re: ${subject}`;
}

/** Threads and entries as the contract shows them, to a customer and to an agent. */
import type * as z from 'zod';
import { problemInWords } from '../core/email/problem-in-words.ts';
import { sayingIn } from '../core/email/texts.ts';
import { entryIdOf } from '../core/ids.ts';
import type { Blobs } from '../core/ports.ts';
import { commandSchema } from '../core/thread/command.ts';
import { attachmentsOf, type Content, contentOf } from '../core/thread/content.ts';
import type { Entry } from '../core/thread/entry.ts';
import type { MailFacts, MailProblem } from '../core/thread/mail-facts.ts';
import type { Thread } from '../core/thread/thread.ts';
import { customerStatus } from '../core/thread/visibility.ts';
import { type ReadableBody, readableBodyOf, wholeBodyOf } from '../core/thread/whole-body.ts';
import type { agentThread, customerThread, entry, reason } from './answers.ts';
import { knownView } from './customer-views.ts';
import { cutText, htmlView, type Shown } from './html-view.ts';
import { instantText, nullableInstantText } from './instants.ts';

export type Audience = 'customer' | 'agent';
type EntryView = z.output<typeof entry>;

export function customerThreadView(thread: Thread): z.output<typeof customerThread> {
  const { id, subject, status, topic, urgency, channels, createdAt, visibleAt, rating } = thread;
  return {
    id,
    subject,
    status: customerStatus(status),
    topic,
    urgency,
    channels,
    createdAt: instantText(createdAt),
    updatedAt: instantText(visibleAt),
    expectedReplyAt: nullableInstantText(thread.expectedReplyAt),
    followUpOf: thread.followUpOf,
    mergedInto: thread.mergedInto,
    rating: rating && { ...rating, at: instantText(rating.at) },
  };
}

export function agentThreadView(thread: Thread): z.output<typeof agentThread> {
  const { business, customer, priority, team, assignee, tags, attributes, seenSeq, setAsides, version } = thread;
  const { snooze, answerBy, participants } = thread;
  return {
    ...customerThreadView(thread),
    status: thread.status,
    updatedAt: instantText(thread.updatedAt),
    business,
    customer: knownView(customer),
    priority,
    team,
    assignee,
    tags,
    attributes,
    answerBy,
    participants,
    waitingSince: nullableInstantText(thread.waitingSince),
    snoozedUntil: snooze === null ? null : snooze.until === null ? 'customer-message' : instantText(snooze.until),
    deadlines: deadlinesOf(thread),
    seenSeq,
    setAsides,
    version,
  };
}

/** What was promised, and what every clock that runs is due by; of one that stands still nobody can say. */
function deadlinesOf({ expectedReplyAt, clocks }: Thread): z.output<typeof agentThread>['deadlines'] {
  const promised = expectedReplyAt === null ? [] : [{ metric: 'reply', dueAt: instantText(expectedReplyAt) }];
  const running = clocks.flatMap(({ metric, dueAt, endedAt }) => {
    return dueAt === null || endedAt !== null ? [] : [{ metric, dueAt: instantText(dueAt) }];
  });
  return [...promised, ...running].sort((a, b) => (a.dueAt < b.dueAt ? -1 : 1));
}

/**
 * Entries with their whole bodies: as many from the first as fit, and the first in any case. What a customer may not
 * see must have been left out before.
 */
export async function entryViews(
  entries: Entry[],
  shown: Shown & { audience: Audience },
  { blobs, bytesMax }: { blobs: Blobs; bytesMax: number },
): Promise<EntryView[]> {
  const views: EntryView[] = [];
  let bytes = 0;
  for (const entry of entries) {
    // Few bodies lie in blobs; a page without any is made without waiting.
    const isElsewhere = isWritten(entry) && entry.content.body !== undefined;
    const body = isElsewhere ? await wholeBodyOf(entry.content, blobs) : undefined;
    const view = fitting(entryView(entry, shown, body), bytesMax);
    bytes += bytesOf(view);
    if (views.length > 0 && bytes > bytesMax) break;
    views.push(view);
  }
  return views;
}

/** What is too long for an answer all by itself is its beginning, without its HTML. */
function fitting(view: EntryView, bytesMax: number): EntryView {
  if (typeof view.text !== 'string' || bytesOf(view) <= bytesMax) return view;
  const text = cutText(view.text);
  const others = view.parts?.filter(({ type }) => type !== 'text' && type !== 'html') ?? [];
  return { ...view, text, html: null, parts: [{ type: 'text', text }, ...others], isCut: true };
}

export function bytesOf(view: unknown): number {
  return Buffer.byteLength(JSON.stringify(view));
}

type Written = Entry & { content: Content };

function isWritten(entry: Entry): entry is Written {
  return 'content' in entry;
}

function entryView(entry: Entry, shown: Shown & { audience: Audience }, body: ReadableBody | undefined): EntryView {
  const { threadId, audience } = shown;
  const { seq, type, at, author, cause } = entry;
  return {
    id: isWritten(entry) && 'messageId' in entry ? entry.messageId : entryIdOf(threadId, seq),
    seq,
    type,
    at: instantText(at),
    author,
    ...(audience === 'agent' ? { cause } : {}),
    ...(isWritten(entry) ? writtenView(entry, body ?? readableBodyOf(entry.content), shown) : {}),
    ...detailsOf(entry, audience),
    ...(audience === 'agent' && 'mail' in entry && entry.mail !== undefined ? { mail: mailView(entry.mail) } : {}),
  };
}

function writtenView(entry: Written, body: ReadableBody, shown: Shown) {
  const { content } = entry;
  const attachments = attachmentsOf(content);
  const { html, ...blocked } = htmlView(body.html, attachments, shown);
  return {
    text: body.text,
    html,
    ...blocked,
    channel: 'channel' in entry ? entry.channel : 'email',
    parts: contentOf({ text: body.text, html }, attachments).parts,
    attachments: attachments.map(({ attachmentId: id, name, mediaType: type, bytes, contentId }) => ({
      ...{ id, name, type, bytes },
      ...(contentId === undefined ? {} : { contentId }),
    })),
  };
}

/** All but where it lies: that is a link of its own. */
function mailView({ rawKey: _, ...facts }: MailFacts) {
  return facts;
}

/** Of a mail that is held: what it says, so that an agent can judge it. */
function heldMailView(payload: unknown) {
  const { success, data } = commandSchema.safeParse(payload);
  if (!success || !('mail' in data.body) || data.body.mail === undefined) return {};
  const { content, mail } = data.body;
  return { text: readableBodyOf(content).text, mail: mailView(mail) };
}

/** What an entry says beside its words; instants as text. */
function detailsOf(entry: Entry, audience: Audience): Record<string, unknown> {
  switch (entry.type) {
    case 'change':
      return changeOf(entry, audience);
    case 'promise':
      return { expectedReplyAt: instantText(entry.expectedReplyAt) };
    case 'advice':
      return { text: entry.text };
    case 'moved':
      return { messageId: entry.messageId, threadId: entry.to };
    case 'sla': {
      const { metric, instance, event } = entry;
      const target = 'target' in entry ? { target: entry.target } : {};
      const because = 'because' in entry ? { because: entry.because } : {};
      const dueAt = 'dueAt' in entry ? { dueAt: nullableInstantText(entry.dueAt) } : {};
      return { metric, instance, event, ...target, ...because, ...dueAt };
    }
    case 'rule':
      return { set: entry.set, rule: entry.name, inputs: entry.inputs };
    case 'look':
      return { lookAt: nullableInstantText(entry.lookAt) };
    case 'rules-bounded':
      return { rounds: entry.rounds };
    case 'assigned': {
      const { team, agent, mode, load, capacity, among } = entry;
      return { team, agent, mode, load, capacity, among };
    }
    case 'notified':
      return { to: entry.to, of: entry.of && { ...entry.of, dueAt: instantText(entry.of.dueAt) } };
    case 'notice-planned':
      return { to: entry.to, since: entry.since, dueAt: instantText(entry.dueAt) };
    case 'notice':
    case 'notice-off':
      return { to: entry.to, since: entry.since };
    case 'letter-planned':
      return { letter: entry.letter, dueAt: instantText(entry.dueAt) };
    case 'letter':
      return { letter: entry.letter };
    case 'transcript':
      return { to: entry.to };
    case 'started':
      return { subject: entry.subject, topic: entry.topic, team: entry.team, followUpOf: entry.followUpOf };
    case 'merge': {
      const reason = entry.phase === 'refused' ? { reason: entry.reason } : {};
      return { phase: entry.phase, threadId: entry.phase === 'absorbed' ? entry.from : entry.into, ...reason };
    }
    case 'pointed-on':
      return { threadId: entry.to };
    case 'rating':
      return { score: entry.score, comment: entry.comment };
    case 'seen':
      return { upTo: entry.upTo };
    case 'delivery':
      return { send: entry.send, state: entry.state, detail: entry.detail };
    case 'machine-mail':
      return { kind: entry.kind };
    case 'mail-refused':
      return { problems: entry.problems.map(problemView) };
    case 'set-aside':
      return { reason: entry.reason, ...heldMailView(entry.payload) };
    case 'redriven':
    case 'dismissed':
      return { setAside: entry.setAside };
    default:
      return {};
  }
}

/** In English, as all that the API says. */
function problemView(problem: MailProblem): z.output<typeof reason> {
  const code = typeof problem === 'string' ? 'refused' : problem.code;
  return { code, detail: problemInWords(problem, sayingIn('en')) };
}

function changeOf(entry: Entry & { type: 'change' }, audience: Audience): Record<string, unknown> {
  const { field } = entry;
  if (entry.field === 'status' && audience === 'customer') {
    return { field, from: customerStatus(entry.from), to: customerStatus(entry.to) };
  }
  if (entry.field === 'snooze') {
    const [from, to] = [entry.from, entry.to].map((snooze) => snooze && { until: nullableInstantText(snooze.until) });
    return { field, from, to };
  }
  return { field, from: entry.from, to: entry.to };
}

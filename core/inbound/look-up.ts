/** Looks up what a mail refers to: tokens of the addresses it came to, and mails that went out or came in before. */
import { bearerOf, type Correspondent, isExpired } from '../email/reply-token.ts';
import type { LookedUp } from '../email/resolve-thread.ts';
import type { Ids } from '../ids.ts';
import type { BusinessSecrets } from '../policy/business-secrets.ts';
import type { CompiledPolicy } from '../policy/compiled-policy.ts';
import type { MailIndex, ThreadStore } from '../ports.ts';
import type { Thread } from '../thread/thread.ts';
import type { Recipient } from './addressing.ts';
import type { ReadMail } from './incoming-mail.ts';
import { messageKey } from './mail-index.ts';

interface LookUpDeps {
  threads: ThreadStore;
  mailIndex: MailIndex;
}

/** Where it is looked. */
export interface At {
  policy: CompiledPolicy;
  ids: Ids;
  secrets: BusinessSecrets;
  now: number;
}

/** Of the mails that one says to answer, so many are looked for: the nearest. */
const REFERENCES_MAX = 20;

export async function lookUp(read: ReadMail, recipients: Recipient[], at: At, deps: LookUpDeps): Promise<LookedUp> {
  const { policy } = at;
  const address = read.from?.address ?? null;
  const agent = address === null ? undefined : policy.agentOf({ email: address });
  const teams = agent === undefined ? [] : policy.teamsOf(agent.id);
  const tokens: LookedUp['tokens'] = [];
  for (const recipient of recipients) {
    if (recipient.kind === 'token') tokens.push(await tokenOf(recipient.token, { address, agent, teams }, at, deps));
  }
  const { inReplyTo, references } = read.mail;
  const answered = [...inReplyTo.toReversed(), ...references.toReversed()];
  const nearest = await firstKnown([...new Set(answered)], at, deps);
  return {
    sender: { address, agent, teams },
    tokens,
    references: nearest === undefined ? [] : [nearest],
    strangers: policy.source.mail.strangers,
  };
}

async function tokenOf(
  token: Parameters<typeof bearerOf>[0],
  sender: LookedUp['sender'],
  { policy, ids, secrets, now }: At,
  { threads }: LookUpDeps,
): Promise<LookedUp['tokens'][number]> {
  const bearer = (candidates: Correspondent[]) => bearerOf(token, policy.business, secrets.mailKeys, candidates);
  const own: Correspondent[] = [
    ...(sender.address === null ? [] : [`customer:${sender.address}` as const]),
    ...(sender.agent === undefined ? [] : [`agent:${sender.agent.id}` as const]),
    ...sender.teams.map((team) => `team:${team}` as const),
  ];
  const thread = await threads.load(ids.wholeThread(token.thread));
  const others: Correspondent[] = [
    ...(thread?.customer.email == null ? [] : [`customer:${thread.customer.email}` as const]),
    ...Object.keys(policy.source.teams).map((team) => `team:${team}` as const),
    ...Object.keys(policy.source.agents).map((agent) => `agent:${agent}` as const),
  ];
  return { thread, bearer: bearer(own) ?? bearer(others), isExpired: isExpired(token, now) };
}

/** The first of these mails whose thread there is. */
export async function firstKnown(
  messageIds: string[],
  at: Pick<At, 'policy' | 'ids'>,
  deps: LookUpDeps,
): Promise<{ id: string; thread: Thread; send: string | null } | undefined> {
  for (const id of messageIds.slice(0, REFERENCES_MAX)) {
    const known = ownMail(id, at.ids) ?? (await deps.mailIndex.find(messageKey(at.policy.business, id)));
    const thread = known === undefined ? undefined : await deps.threads.load(known.thread);
    if (known !== undefined && thread !== undefined) return { id, thread, send: known.send ?? null };
  }
  return undefined;
}

/** What a Message-ID that we made says by itself, without any lookup: the thread's id in it carries its own MAC. */
function ownMail(messageId: string, ids: Ids): { thread: string; send?: string } | undefined {
  const [localPart = ''] = messageId.split('@');
  const [kind, business = '', body = ''] = localPart.split('_');
  const thread = `thr_${business}_${body}`;
  if ((kind !== 'snd' && kind !== 'thr') || ids.verify(thread)?.kind !== 'thr') return undefined;
  return kind === 'snd' ? { thread, send: localPart } : { thread };
}

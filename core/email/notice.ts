/** The mail that tells a colleague what the customer wrote: one message, or all that came since they were last told. */
import { type About, colleagueReader, colleagueVoice, customerLine, envelope, GENERATED, saying } from './frame.ts';
import { instantInWords } from './instants.ts';
import type { Block } from './layout.ts';
import type { OutgoingMail } from './mail.ts';
import { type Said, transcriptBlocks } from './said.ts';

export interface Notice extends About {
  /** The oldest first. */
  said: Said[];
  /** Whether that is all there was. */
  isWhole: boolean;
}

/** To the team or the thread's owner: what the customer wrote, as text, and by when they expect an answer. */
export function composeNotice(notice: Notice): OutgoingMail {
  const { threadId, facts, isWhole, policy } = notice;
  const { team, topic, urgency, expectedReplyAt } = facts;
  const voice = colleagueVoice(notice);
  const { say, name } = voice;
  const reader = colleagueReader(notice, voice);
  const expected =
    expectedReplyAt === null ? say('soon') : say('by', { when: instantInWords(expectedReplyAt, reader) });
  const said = notice.said.map((each): Said => ({ ...each, body: { text: each.body.text, html: null } }));
  const [first] = said;
  const files = said.length === 1 ? (first?.files ?? []) : []; // of several, each names its own
  const rows: [string, string][] = [
    [say('customer'), customerLine(notice)],
    [say('replyExpected'), expected],
    [say('team'), policy.team(team ?? '')?.name ?? '–'],
    ...(topic === null ? [] : [[say('topic'), topic] as [string, string]]),
    ...(urgency === null ? [] : [[say('urgency'), say(`urgency:${urgency}`)] as [string, string]]),
    ...(files.length === 0 ? [] : [[say('files'), files.join(', ')] as [string, string]]),
    [say('thread'), threadId],
  ];
  const count = String(said.length);
  const blocks: Block[] = [
    { is: 'title', text: facts.subject },
    ...(said.length > 1 ? [{ is: 'words', text: say(isWhole ? 'digest' : 'digestCut', { count }) } as const] : []),
    ...(said.length === 1 && first !== undefined
      ? [{ is: 'written', body: first.body } as const]
      : transcriptBlocks(said, voice, reader)),
    { is: 'facts', rows },
  ];
  return {
    ...envelope('notice', notice, name, GENERATED),
    ...saying(voice, { subject: `[${name}] ${facts.subject}`, preview: first?.body.text ?? '' }, blocks, null),
  };
}

/** An agent's mail as commands on its thread: an answer or note, and what its first lines ask for. */
import { Ids } from '../ids.ts';
import type { Command, CommandBody } from '../thread/command.ts';
import { bodyOfContent, type Content } from '../thread/content.ts';
import { decide } from '../thread/decide.ts';
import { commandOwner, type Reason } from '../thread/entry.ts';
import type { MailFacts } from '../thread/mail-facts.ts';
import type { Thread } from '../thread/thread.ts';
import { wordsWritten } from '../thread/words-written.ts';
import type { Asked } from './agent-commands.ts';
import { setAside } from './held-mail.ts';
import { problem, refusalOf, type ToldProblem } from './mail-problem.ts';
import { commandOf, type Meant, type Receiving } from './receiving.ts';

interface AgentMail {
  place: Meant;
  asked: Asked;
  message: { messageId: string; channel: 'email'; content: Content; mail: MailFacts };
  thread: Thread;
  held: Reason | undefined;
}

/** All of what the mail asks for or, where some of it cannot be, a refusal that the agent is told of. */
export function commandsOfAgent(receiving: Receiving, agentMail: AgentMail): Command[] {
  const { place, asked, message, thread, held } = agentMail;
  const commands = wishesOf(receiving, agentMail);
  const problems = [...asked.problems, ...refusals(commands, thread, receiving)];
  const [first] = commands;
  if (held !== undefined) {
    // Of what is let go, the words count; and what may have been meant for colleagues is never an answer.
    const note = commandOf(receiving, place, { type: 'note', ...message });
    return [setAside(problems.length > 0 || first === undefined ? note : first, held)];
  }
  if (problems.length === 0) return commands;
  const { content, mail } = message;
  return [commandOf(receiving, place, { type: 'refuse-mail', problems, content, mail })];
}

function wishesOf(receiving: Receiving, { place, asked, message }: AgentMail): Command[] {
  const { status, team, assignee, tags, isNote } = asked;
  const isReply = !isNote && !isEmpty(message.content);
  const bodies: CommandBody[] = [
    ...(isNote ? [{ type: 'note' as const, ...message }] : []),
    ...(isReply ? [{ type: 'reply' as const, ...message, ...(status === undefined ? {} : { status }) }] : []),
    ...(status !== undefined && !isReply ? [{ type: 'set-status' as const, status }] : []),
    ...(tags.length > 0 ? [{ type: 'change-tags' as const, add: tags, remove: [] }] : []),
    // Last: once it is another's, the agent may do no more.
    ...(team !== undefined || assignee !== undefined
      ? [{ type: 'assign' as const, team, assignee, takeOver: mayTakeOver(receiving, place) }]
      : []),
  ];
  const { ids } = receiving;
  return bodies.map((body, index) => {
    const entropy = Ids.derivedEntropy(place.commandId, body.type);
    const commandId =
      index === 0 ? place.commandId : ids.command(place.threadId, commandOwner(place.author), place.at, entropy);
    return commandOf(receiving, { ...place, commandId }, body);
  });
}

function mayTakeOver({ policy }: Receiving, { author }: Meant): boolean {
  return policy.agent(author.id)?.rights.has('take-over') === true;
}

/** Why the thread, as it is now, would refuse these: an agent is told at once. */
function refusals(commands: Command[], thread: Thread, { policy, ids, now }: Receiving): ToldProblem[] {
  let after = thread;
  const problems: ToldProblem[] = [];
  const textOf = (content: Content) => wordsWritten(bodyOfContent(content));
  for (const command of commands) {
    const decision = decide(after, command, { policy, ids, now, textOf });
    if (decision.outcome === 'rejected') problems.push(refusalOf(decision.reason, after, command));
    if (decision.outcome === 'done') after = decision.thread;
  }
  return problems.length === 0 && commands.length === 0 ? [problem('nothing-to-post')] : problems;
}

function isEmpty({ parts }: Content): boolean {
  return parts.every((part) => part.type === 'text' && part.text.trim() === '');
}

/** `npm run redrive`: looks at what failed for good, brings it back, or takes it away. */
import { appendFileSync } from 'node:fs';
import { sqsClient } from '../adapters/aws/clients.ts';
import { SqsDeadLetters } from '../adapters/aws/sqs-dead-letters.ts';
import { stackOutputs } from '../adapters/aws/stack-outputs.ts';
import { openData } from '../adapters/embedded/data-folder.ts';
import { SqliteDeadLetters } from '../adapters/embedded/sqlite-dead-letters.ts';
import type { DeadLetter, DeadLetters, QueueName, Verdict } from '../core/upkeep/dead-letters.ts';
import { QUEUE_NAMES } from '../core/upkeep/dead-letters.ts';
import { Misuse, type Place, print, runCommand } from './command.ts';

const USAGE = `npm run redrive -- COMMAND [--queue NAME] (--stack NAME | --data FOLDER)

  list      how many letters lie in each queue; with --queue, each one and why it is there
  redrive   brings the letters of a queue back onto it; with --id ID that one alone
  discard   takes letters away, once they are written to --to FILE; with --id ID that one alone

  --queue NAME       ${QUEUE_NAMES.join(', ')}
`;

/** Names of the stack's outputs, by queue. */
const OUTPUTS: Record<QueueName, string> = {
  commands: 'Lanes',
  mails: 'Mails',
  waits: 'Waits',
  'mail-events': 'MailEvents',
  'inbound-mails': 'InboundMails',
};

type Options = Partial<Record<'queue' | 'id' | 'to', string>>;

await runCommand(USAGE, ['queue', 'id', 'to'], async ({ words: [command = 'list'], options, place }) => {
  const queue = queueOf(options);
  const judge = judgeOf(command, options);
  const { letters, close } = await openLetters(place);
  try {
    if (queue === undefined) print(JSON.stringify(await letters.counts(), null, 2));
    else await walk(letters, queue, judge, options.id);
  } finally {
    close();
  }
});

/** What a command does with each letter. */
function judgeOf(command: string, { queue, to }: Options): (letter: DeadLetter) => Verdict {
  if (command === 'list') return () => 'leave';
  if (queue === undefined) throw new Misuse('--queue is needed.');
  if (command === 'redrive') return () => 'redrive';
  if (command !== 'discard') throw new Misuse(`There is no command "${command}".`);
  if (to === undefined) throw new Misuse('--to is needed: what is taken away is kept in that file.');
  return (letter) => {
    appendFileSync(to, `${JSON.stringify(letter)}\n`, { flush: true });
    return 'discard';
  };
}

async function walk(
  letters: DeadLetters,
  queue: QueueName,
  judge: (letter: DeadLetter) => Verdict,
  id: string | undefined,
): Promise<void> {
  const count: Record<Verdict, number> = { leave: 0, redrive: 0, discard: 0 };
  await letters.walk(queue, async (letter) => {
    const verdict = id === undefined || id === letter.id ? judge(letter) : 'leave';
    count[verdict] += 1;
    print(`${letter.id}  ${new Date(letter.at).toISOString()}  ${letter.lane ?? '-'}  ${letter.reason}  ${verdict}`);
    return verdict;
  });
  print(`${count.redrive} redriven, ${count.discard} discarded, ${count.leave} left.`);
}

function queueOf({ queue }: Options): QueueName | undefined {
  const known = QUEUE_NAMES.find((name) => name === queue);
  if (queue !== undefined && known === undefined) throw new Misuse(`There is no queue "${queue}".`);
  return known;
}

async function openLetters(place: Place): Promise<{ letters: DeadLetters; close: () => void }> {
  if ('data' in place) {
    const { db, close } = openData(place.data);
    return { letters: new SqliteDeadLetters(db), close };
  }
  const outputs = await stackOutputs(place.stack);
  const client = sqsClient();
  const urlsOf = (name: QueueName) => ({
    queueUrl: outputs[`${OUTPUTS[name]}Queue`] ?? '',
    deadLettersUrl: outputs[`${OUTPUTS[name]}DeadLetters`] ?? '',
  });
  const queues = Object.fromEntries(QUEUE_NAMES.map((name) => [name, urlsOf(name)]));
  const letters = new SqsDeadLetters(client, queues as Record<QueueName, ReturnType<typeof urlsOf>>);
  return { letters, close: () => client.destroy() };
}

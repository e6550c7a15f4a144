/** `npm run replay`: what a changed policy would have made of the threads there are, before it is deployed. */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { loadPolicies } from '../adapters/node/config-file.ts';
import { claimedBusinessOf, Ids } from '../core/ids.ts';
import { CompiledPolicy } from '../core/policy/compiled-policy.ts';
import { Replay, type ReplayReport } from '../core/replay/replay.ts';
import { BadThreshold, isExceeded, minutesOf } from '../core/replay/threshold.ts';
import { textJudge } from '../core/rule/judge-text.ts';
import { bodyOfContent, type Content } from '../core/thread/content.ts';
import type { LogItem } from '../core/thread/entry.ts';
import { wordsWritten } from '../core/thread/words-written.ts';
import { Misuse, placeOf, print, runAnywhere } from './command.ts';
import { openAudit } from './open-audit.ts';

const USAGE = `npm run replay -- [COMMAND] (--log FILE | --stack NAME | --data FOLDER) [OPTIONS]

  run       (or nothing) decides again what people did, under the policies of a config
  export    prints every log, a line of JSON each: what --log reads

  --policy FILE      the config with the changed policies
  --fail-if LIMIT    ends with 1 where it is exceeded: breaches>+5%, changes>10, promised-median>60, promised-p90>+30%
                     (what is promised is in minutes)
  --log FILE         logs that were exported`;

/** Differences that are printed. */
const SHOWN_MAX = 20;
/** Ids that rules or moves would mint are nobody's. */
const ID_KEY = 'replay';

interface Logged {
  thread: string;
  log: LogItem[];
}
type Options = { log?: string; stack?: string; data?: string };

await runAnywhere(USAGE, ['policy', 'log', 'fail-if'], async ({ words: [command = 'run'], options }) => {
  if (command === 'export') {
    for await (const logged of logsOf(options)) print(JSON.stringify(logged));
    return;
  }
  if (command !== 'run') throw new Misuse(`There is no command "${command}".`);
  if (options.policy === undefined) throw new Misuse('--policy is needed: the config with the changed policies.');
  const policies = new Map(
    (await loadPolicies(options.policy)).map((one) => [one.id, new CompiledPolicy(one, () => textJudge)]),
  );
  const replay = new Replay();
  const [until, passedOver] = [Date.now(), new Set<string>()];
  for await (const { thread, log } of logsOf(options)) {
    const business = claimedBusinessOf(thread);
    const policy = policies.get(business);
    const textOf = (content: Content) => wordsWritten(bodyOfContent(content));
    if (policy === undefined) passedOver.add(business);
    else replay.add(thread, log, { policy, ids: new Ids(business, ID_KEY), textOf, until });
  }
  const { report } = replay;
  const { threads, differences, breaches, promisedMedianMs: median, promisedP90Ms: p90 } = report;
  for (const { thread, changes } of differences.slice(0, SHOWN_MAX)) print(`${thread}  ${changes.join('; ')}`);
  if (differences.length > SHOWN_MAX) print(`… and ${differences.length - SHOWN_MAX} more`);
  print(`${threads} threads, ${differences.length} of them would have come to something else.`);
  print(`breaches: ${breaches.before} → ${breaches.after}`);
  print(`promised, in minutes: median ${minutesOf(median.before)} → ${minutesOf(median.after)}`);
  print(`                      p90 ${minutesOf(p90.before)} → ${minutesOf(p90.after)}`);
  if (passedOver.size > 0) print(`The config has no business ${[...passedOver].join(', ')}.`);
  const limit = options['fail-if'];
  if (limit === undefined || !isOver(limit, report)) return;
  print(`Exceeded: ${limit}`);
  process.exitCode = 1;
});

function isOver(limit: string, report: ReplayReport): boolean {
  try {
    return isExceeded(limit, report);
  } catch (failure) {
    if (failure instanceof BadThreshold) throw new Misuse(failure.message);
    throw failure;
  }
}

async function* logsOf(options: Options): AsyncGenerator<Logged> {
  if (options.log !== undefined) {
    for await (const line of createInterface({ input: createReadStream(options.log) })) {
      if (line.trim() !== '') yield JSON.parse(line);
    }
    return;
  }
  const { audit, close } = await openAudit(placeOf(options));
  try {
    for await (const thread of audit.threadIds()) {
      const stored = await audit.stored(thread);
      if (stored !== undefined) yield { thread, log: stored.log };
    }
  } finally {
    close();
  }
}

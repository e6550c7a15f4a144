/** `npm run verify`: folds the log of every thread, and compares head and indexes with what it makes. */
import { verify } from '../core/upkeep/audit.ts';
import { Misuse, print, runCommand } from './command.ts';
import { openAudit } from './open-audit.ts';

const USAGE = `npm run verify -- [COMMAND] (--stack NAME | --data FOLDER)

  check     (or nothing) tells what does not agree, and changes nothing
  repair    also stores heads and indexes anew, as the logs make them
`;

await runCommand(USAGE, [], async ({ words: [command = 'check'], place }) => {
  if (command !== 'check' && command !== 'repair') throw new Misuse(`There is no command "${command}".`);
  const { audit, close } = await openAudit(place);
  try {
    const { threads, findings, repaired, passedOver } = await verify(audit, command === 'repair');
    for (const { thread, problem } of findings) print(`${thread} ${problem}`);
    print(`${threads} threads, ${findings.length} findings, ${repaired} repaired.`);
    if (passedOver > 0) print(`${passedOver} threads were being worked on: look again later.`);
    if (findings.length > 0 && command === 'check') process.exitCode = 1;
    if (findings.some((finding) => finding.repaired === undefined)) process.exitCode = 1;
  } finally {
    close();
  }
});

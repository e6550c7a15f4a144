/** What the commands of `bin/` share: usage, refusals, and errors told to a person. */

interface Conversation {
  print: (text: string) => void;
  /** Says what is wrong and how to ask, and ends with 2. */
  refuse: (problem: string) => void;
}

export async function runCommand(usage: string, work: (conversation: Conversation) => Promise<void>): Promise<void> {
  const refuse = (problem: string): void => {
    process.stderr.write(`${problem}\n\n${usage}\n`);
    process.exitCode = 2;
  };
  try {
    if (process.argv.includes('--help')) process.stdout.write(`${usage}\n`);
    else await work({ print: (text) => process.stdout.write(`${text}\n`), refuse });
  } catch (failure) {
    const { message, code = '' } = failure as Error & { code?: string };
    if (code.startsWith('ERR_PARSE_ARGS')) {
      refuse(message);
      return;
    }
    process.stderr.write(`${message}\n`);
    process.exitCode = 1;
  }
}

/** What the commands of `bin/` share: usage, where they work, refusals, and errors told to a person. */
import { parseArgs } from 'node:util';

/** Somebody asked for what there is not; the usage says what there is. */
export class Misuse extends Error {
  override readonly name = 'Misuse';
}

/** On AWS, or on one machine. */
export type Place = { stack: string } | { data: string };

interface Asked<Name extends string> {
  words: string[];
  options: Partial<Record<Name, string>>;
  place: Place;
}

const PLACE_USAGE = `
  --stack NAME       on AWS, by your credentials: the stack, such as Meanwhile-prod
  --data FOLDER      on one machine, while it is stopped`;

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/**
 * Runs a command that works in one of the two places. Ends with 2 where it was asked wrongly, with 1 where it failed.
 * @param names of its options beside the place, each with a value
 */
export async function runCommand<Name extends string>(
  usage: string,
  names: readonly Name[],
  work: (asked: Asked<Name>) => Promise<void>,
): Promise<void> {
  const whole = usage + PLACE_USAGE;
  try {
    if (process.argv.includes('--help')) print(whole);
    else await work(askedOf(names));
  } catch (failure) {
    const { message } = failure as Error;
    process.stderr.write(isMisuse(failure) ? `${message}\n\n${whole}\n` : `${message}\n`);
    process.exitCode = isMisuse(failure) ? 2 : 1;
  }
}

function askedOf<Name extends string>(names: readonly Name[]): Asked<Name> {
  const options = Object.fromEntries([...names, 'stack', 'data'].map((name) => [name, { type: 'string' } as const]));
  const { positionals, values } = parseArgs({ args: process.argv.slice(2), options, allowPositionals: true });
  const told = values as Partial<Record<Name | 'stack' | 'data', string>>;
  const { stack, data } = told;
  if (stack !== undefined && data === undefined) return { words: positionals, options: told, place: { stack } };
  if (data !== undefined && stack === undefined) return { words: positionals, options: told, place: { data } };
  throw new Misuse('--stack or --data is needed, and not both.');
}

function isMisuse(failure: unknown): boolean {
  const { code = '' } = failure as { code?: string };
  return failure instanceof Misuse || code.startsWith('ERR_PARSE_ARGS');
}

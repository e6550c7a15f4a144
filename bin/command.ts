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
  options: Partial<Record<Name | 'stack' | 'data', string>>;
}

const PLACE_USAGE = `
  --stack NAME       on AWS, by your credentials: the stack, such as Meanwhile-prod
  --data FOLDER      on one machine, while it is stopped`;

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/**
 * Runs a command. Ends with 2 where it was asked wrongly, with 1 where it failed.
 * @param names of its options beside the place, each with a value
 */
export async function runAnywhere<Name extends string>(
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

/** Runs a command that works in one of the two places. */
export function runCommand<Name extends string>(
  usage: string,
  names: readonly Name[],
  work: (asked: Asked<Name> & { place: Place }) => Promise<void>,
): Promise<void> {
  return runAnywhere(usage, names, (asked) => work({ ...asked, place: placeOf(asked.options) }));
}

/** @throws {Misuse} */
export function placeOf({ stack, data }: { stack?: string | undefined; data?: string | undefined }): Place {
  if (stack !== undefined && data === undefined) return { stack };
  if (data !== undefined && stack === undefined) return { data };
  throw new Misuse('--stack or --data is needed, and not both.');
}

function askedOf<Name extends string>(names: readonly Name[]): Asked<Name> {
  const options = Object.fromEntries([...names, 'stack', 'data'].map((name) => [name, { type: 'string' } as const]));
  const { positionals, values } = parseArgs({ args: process.argv.slice(2), options, allowPositionals: true });
  return { words: positionals, options: values as Asked<Name>['options'] };
}

function isMisuse(failure: unknown): boolean {
  const { code = '' } = failure as { code?: string };
  return failure instanceof Misuse || code.startsWith('ERR_PARSE_ARGS');
}

/** The options of `npm start`: flags, or environment variables of the same name. */
import { parseArgs } from 'node:util';

export interface Options {
  port: number;
  host: string;
  data: string;
  config: string;
  clock: 'system' | 'manual';
  /** Where a manual clock starts, epoch ms. */
  at: number | undefined;
  /** Where to hand mail over; undefined keeps it in the built-in mailbox. */
  smtpUrl: string | undefined;
  /** Whether mail is handed over without TLS, where there is none; undefined: unless a password would be told. */
  smtpTls: 'required' | 'offered' | undefined;
  /** A file of the authorities whose certificates are believed of that server. */
  smtpCa: string | undefined;
  /** Where mail is taken by SMTP; undefined where it is not. */
  smtpPort: number | undefined;
  /** The server before that port whose Authentication-Results are believed. */
  mailAuthority: string | undefined;
  /** The command that scans files before anybody is given them; undefined where none does. */
  scan: string | undefined;
  /** How others reach this server, for links that it gives out. */
  publicUrl: string | undefined;
}

export const USAGE = `npm start -- [options]

  --port N            where to listen (4400; 0 for any free port)
  --host HOST         which address to listen at (127.0.0.1)
  --data FOLDER       where everything is kept (./data)
  --config FILE       the businesses that are served (./meanwhile.config.ts)
  --clock KIND        system, or manual: stands still until POST /local/clock moves it
  --at INSTANT        where a manual clock starts (now)
  --smtp-url URL      hand mail to this server instead of the built-in mailbox: smtp://user:password@host:587
  --smtp-tls WHEN     required, or offered: without TLS where the server has none (required with a password)
  --smtp-ca FILE      PEM of the authorities whose certificates that server may have (those that Node knows)
  --smtp-port N       where to take mail for the businesses' addresses (nowhere; 0 for any free port)
  --mail-authority ID the mail server before that port whose Authentication-Results are believed (none)
  --scan COMMAND      scan files before anybody is given them, such as "clamdscan --no-summary": the file is its last
                      argument, 0 is clean, 1 is infected, anything else is no verdict (nothing is scanned)
  --public-url URL    how others reach this server, for links to files and in mails
  --help              this text

Each also as an environment variable: MEANWHILE_PORT, MEANWHILE_DATA, MEANWHILE_SMTP_URL and so on.`;

/** An option that cannot be used; the message lists every one. */
export class InvalidOptions extends Error {
  override readonly name = 'InvalidOptions';
}

const NAMES = [
  'port',
  'host',
  'data',
  'config',
  'clock',
  'at',
  'smtp-url',
  'smtp-tls',
  'smtp-ca',
  'smtp-port',
  'mail-authority',
  'scan',
  'public-url',
] as const;
type Name = (typeof NAMES)[number];

/** @returns the options, or `help` where that is asked for. @throws {InvalidOptions} */
export function readOptions(args: string[], environment: Record<string, string | undefined>): Options | 'help' {
  const values = flagsOf(args);
  if (values.help) return 'help';
  // An empty variable is one that is not set.
  const value = (name: Name): string | undefined =>
    values[name] ?? (environment[`MEANWHILE_${name.toUpperCase().replaceAll('-', '_')}`] || undefined);
  const problems = NAMES.filter((name) => values[name] === '').map((name) => `--${name} is empty`);
  const portOf = (name: 'port' | 'smtp-port', text: string): number => {
    if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) problems.push(`--${name} is a number from 0 to 65535`);
    return Number(text);
  };
  const port = portOf('port', value('port') ?? '4400');
  const smtpPort = value('smtp-port') === undefined ? undefined : portOf('smtp-port', value('smtp-port') ?? '');
  const clock = value('clock') ?? 'system';
  if (clock !== 'system' && clock !== 'manual') problems.push('--clock is system or manual');
  const at = value('at') === undefined ? undefined : instantOf(value('at') ?? '');
  if (Number.isNaN(at)) problems.push('--at is an instant, such as 2026-11-20T18:30:00Z');
  if (at !== undefined && clock !== 'manual') problems.push('--at goes with --clock manual');
  const smtpUrl = value('smtp-url');
  if (smtpUrl !== undefined && !/^smtps?:\/\/[^/]+/.test(smtpUrl))
    problems.push('--smtp-url begins with smtp:// or smtps://');
  const smtpTls = value('smtp-tls');
  if (smtpTls !== undefined && smtpTls !== 'required' && smtpTls !== 'offered')
    problems.push('--smtp-tls is required or offered');
  const publicUrl = value('public-url')?.replace(/\/$/, '');
  if (publicUrl !== undefined && !/^https?:\/\/[^/]+/.test(publicUrl)) problems.push('--public-url begins with http');
  if (problems.length > 0) throw new InvalidOptions(problems.join('\n'));
  return {
    port,
    host: value('host') ?? '127.0.0.1',
    data: value('data') ?? './data',
    config: value('config') ?? './meanwhile.config.ts',
    clock: clock === 'manual' ? 'manual' : 'system',
    at,
    smtpUrl,
    smtpTls: smtpTls as Options['smtpTls'],
    smtpCa: value('smtp-ca'),
    smtpPort,
    mailAuthority: value('mail-authority')?.toLowerCase(),
    scan: value('scan')?.trim(),
    publicUrl,
  };
}

/** Epoch ms of an instant with its zone (RFC 3339); NaN where it is none. */
function instantOf(text: string): number {
  return /^\d{4}-\d\d-\d\d[Tt ].*([Zz]|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
}

function flagsOf(args: string[]): Partial<Record<Name, string>> & { help?: boolean } {
  const options = Object.fromEntries(NAMES.map((name) => [name, { type: 'string' }] as const));
  try {
    return parseArgs({ args, options: { ...options, help: { type: 'boolean' } } }).values;
  } catch (failure) {
    throw new InvalidOptions(failure instanceof Error ? failure.message : 'The options cannot be read.');
  }
}

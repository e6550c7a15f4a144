/** What a function is told by its environment: names of resources, never secrets. */

export const VARIABLES = {
  table: 'THREAD_TABLE',
  laneQueue: 'LANE_QUEUE',
  mailQueue: 'MAIL_QUEUE',
  waitQueue: 'WAIT_QUEUE',
  bus: 'EVENT_BUS',
  bucket: 'BLOB_BUCKET',
  fileScan: 'FILE_SCAN',
  policies: 'POLICY_FOLDER',
  secretsPrefix: 'SECRETS_PREFIX',
  configurationSet: 'CONFIGURATION_SET',
  mailEventQueue: 'MAIL_EVENT_QUEUE',
  apiUrl: 'API_URL',
  inboundMailQueue: 'INBOUND_MAIL_QUEUE',
} as const;

export type Variable = (typeof VARIABLES)[keyof typeof VARIABLES];

/** Under which a stack's functions look for businesses' secrets, in Parameter Store. */
export function secretsPrefixOf(stack: string): string {
  return `/meanwhile/${stack}/`;
}

/** Variables are missing: the message names every one. */
class BadEnvironment extends Error {
  override readonly name = 'BadEnvironment';
}

/** Reads variables, all at once at cold start. @throws {BadEnvironment} */
export function readEnvironment<const Name extends Variable>(...names: Name[]): Record<Name, string> {
  const missing = names.filter((name) => !process.env[name]);
  if (missing.length > 0) throw new BadEnvironment(`These variables are missing: ${missing.join(', ')}.`);
  return Object.fromEntries(names.map((name) => [name, process.env[name]])) as Record<Name, string>;
}

/** What an agent may do. A policy gives each agent a role and may redefine what a role holds. */

export const RIGHTS = [
  'read', // see threads, entries, attachments and commands of the business
  'reply', // write to customers, start threads
  'note', // write internal notes
  'manage', // status, priority, tags, subject, snooze
  'assign', // team and assignee, and claim what nobody owns
  'take-over', // take a thread from its owner
  'merge', // merge threads
  'redrive', // send a set-aside command again
  'customers', // change the records of customers and organisations, and say which addresses are whose
] as const;

export type Right = (typeof RIGHTS)[number];

export const DEFAULT_ROLES: Record<string, readonly Right[]> = {
  agent: ['read', 'reply', 'note', 'manage', 'assign', 'merge', 'customers'],
  lead: RIGHTS,
  observer: ['read'],
};

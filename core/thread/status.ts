/**
 * The status of a thread: which happening leads from which status to which other, and which rule refuses it.
 * The table is the rule; `checkTransitions` proves at start that it keeps what the documentation promises.
 */

export const STATUSES = ['new', 'open', 'pending', 'on-hold', 'solved', 'closed'] as const;
export type Status = (typeof STATUSES)[number];

export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const;
export type Priority = (typeof PRIORITIES)[number];

/** Statuses that a person may set by hand. */
export const SETTABLE_STATUSES = ['open', 'pending', 'on-hold', 'solved'] as const;
export type SettableStatus = (typeof SETTABLE_STATUSES)[number];

/** What can happen to a status: a message, a person setting it, the automatic close, a merge into another thread. */
const HAPPENINGS = ['customer-message', 'agent-reply', ...SETTABLE_STATUSES, 'auto-close', 'merge'] as const;
export type Happening = (typeof HAPPENINGS)[number];

/** Why a happening is refused. */
export type StatusRule = 'closed-is-immutable' | 'only-solved-closes';

type Row = Record<Happening, Status | { refusedBy: StatusRule }>;

const IMMUTABLE = { refusedBy: 'closed-is-immutable' } as const;
const NOT_SOLVED = { refusedBy: 'only-solved-closes' } as const;
const SET = { open: 'open', pending: 'pending', 'on-hold': 'on-hold', solved: 'solved' } as const;

export const TRANSITIONS: Record<Status, Row> = {
  new: { 'customer-message': 'new', 'agent-reply': 'open', ...SET, 'auto-close': NOT_SOLVED, merge: 'closed' },
  open: { 'customer-message': 'open', 'agent-reply': 'open', ...SET, 'auto-close': NOT_SOLVED, merge: 'closed' },
  pending: { 'customer-message': 'open', 'agent-reply': 'pending', ...SET, 'auto-close': NOT_SOLVED, merge: 'closed' },
  'on-hold': {
    'customer-message': 'open',
    'agent-reply': 'on-hold',
    ...SET,
    'auto-close': NOT_SOLVED,
    merge: 'closed',
  },
  solved: { 'customer-message': 'open', 'agent-reply': 'solved', ...SET, 'auto-close': 'closed', merge: 'closed' },
  closed: {
    'customer-message': IMMUTABLE, // the message is not refused: it moves to a follow-up thread
    'agent-reply': IMMUTABLE,
    open: IMMUTABLE,
    pending: IMMUTABLE,
    'on-hold': IMMUTABLE,
    solved: IMMUTABLE,
    'auto-close': IMMUTABLE,
    merge: IMMUTABLE,
  },
};

/** What a happening makes of a status. */
export function transition(from: Status, happening: Happening): Status | { refusedBy: StatusRule } {
  return TRANSITIONS[from][happening];
}

/** The transition table breaks a promise of the documentation. */
export class BrokenTransitions extends Error {
  override readonly name = 'BrokenTransitions';
}

/** Checks the table against the hard rules. @throws {BrokenTransitions} naming every rule that it breaks */
export function checkTransitions(table: Record<Status, Row>): void {
  const steps = STATUSES.flatMap((from) =>
    HAPPENINGS.map((happening) => ({ from, happening, to: table[from]?.[happening] })),
  );
  const broken = [
    steps.every(({ to }) => to !== undefined) || 'every status answers every happening',
    steps.every(({ from, to }) => to !== 'new' || from === 'new') || 'new never comes back',
    steps.every(({ from, to }) => from !== 'closed' || typeof to !== 'string') || 'closed is immutable',
    (['pending', 'on-hold', 'solved'] as const).every((from) => table[from]['customer-message'] === 'open') ||
      "a customer's message on pending, on-hold or solved reopens",
    steps.every(({ from, happening, to }) => to !== 'closed' || from === 'solved' || happening === 'merge') ||
      'only a solved thread closes by itself',
    STATUSES.every((status) => status === 'new' || steps.some(({ from, to }) => to === status && from !== status)) ||
      'every status can be reached',
  ].filter((rule) => rule !== true);
  if (broken.length > 0) throw new BrokenTransitions(`The transition table breaks: ${broken.join('; ')}.`);
}

checkTransitions(TRANSITIONS);

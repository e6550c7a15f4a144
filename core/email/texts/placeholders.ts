/** The texts there are, each with what is put into it: `{name}`. */
const METRIC_NAMES = {
  'metric:first-reply': [],
  'metric:next-reply': [],
  'metric:periodic-update': [],
  'metric:pausable-update': [],
  'metric:requester-wait': [],
  'metric:agent-work': [],
  'metric:total-resolution': [],
  'metric:group-ownership': [],
} as const;

/** Why a mail of an agent was not posted. */
const REFUSALS = {
  'refusal:missing-right': ['right'],
  'refusal:nothing-to-post': [],
  'refusal:no-text': ['command'],
  'refusal:stands-alone': ['command'],
  'refusal:note-alone': ['command'],
  'refusal:first-line': ['command'],
  'refusal:status-twice': ['command'],
  'refusal:nobody-there': ['command', 'name'],
  'refusal:which-tag': ['command'],
  'refusal:tag-too-long': ['command'],
  'refusal:too-many-tags': [],
  'refusal:no-such-command': ['command', 'commands'],
  'refusal:closed-is-immutable': [],
  'refusal:owned': ['owner'],
  'refusal:assignee-cannot-reply': ['assignee'],
  'refusal:by-rule': ['detail'],
} as const;

export const PLACEHOLDERS = {
  // to customers
  greeting: ['name'],
  greetingNobody: [],
  arrivedTitle: [],
  arrived: ['when'],
  arrivedUntimed: [],
  goesOn: [],
  carryOn: [],
  yourMessage: [],
  promiseMovedTitle: [],
  promiseMoved: ['before', 'when'],
  reminderTitle: [],
  reminder: ['when'],
  ratingTitle: [],
  rating: ['subject'],
  ratingLink: [],
  // on the page behind it
  rateAbout: ['subject'],
  rateScore: [],
  'rate:1': [],
  'rate:2': [],
  'rate:3': [],
  'rate:4': [],
  'rate:5': [],
  rateComment: [],
  rateOptional: [],
  rateSend: [],
  ratedTitle: [],
  rated: [],
  rateMissing: [],
  rateFailed: [],
  rateNotYet: [],
  rateOverTitle: [],
  rateClosed: [],
  rateGoesOn: [],
  rateLinkTitle: [],
  rateLink: [],
  transcriptTitle: ['business'],
  transcript: [],
  transcriptCut: ['count'],
  notAttached: ['files'],
  attached: ['files'],
  earlier: [],
  wrote: ['name', 'when'],
  noSubject: [],
  // to colleagues
  customer: [],
  replyExpected: [],
  soon: [],
  by: ['when'],
  team: [],
  owner: [],
  nobody: [],
  topic: [],
  urgency: [],
  'urgency:low': [],
  'urgency:normal': [],
  'urgency:high': [],
  'urgency:urgent': [],
  files: [],
  thread: [],
  why: [],
  digest: ['count'],
  digestCut: ['count'],
  toKnow: [],
  toKnowLong: [],
  warned: ['metric'],
  warnedLong: ['metric', 'when'],
  breached: ['metric'],
  breachedLong: ['metric', 'when'],
  repeated: ['metric'],
  repeatedLong: ['metric', 'when'],
  'address-bounced': [],
  'address-bounced-long': [],
  'reply-lost': [],
  'reply-lost-long': [],
  'notice-lost': [],
  'notice-lost-long': [],
  refused: [],
  refusedLong: [],
  refusedAgain: [],
  ...REFUSALS,
  ...METRIC_NAMES,
} as const satisfies Record<string, readonly string[]>;

export type TextName = keyof typeof PLACEHOLDERS;
export const TEXT_NAMES = Object.keys(PLACEHOLDERS) as TextName[];

/** All texts in one language: what is missing is found by the compiler. */
export type Texts = Record<TextName, string>;

/** What is put into a text. */
export type Values<N extends TextName> = Record<(typeof PLACEHOLDERS)[N][number], string>;

const PLACEHOLDER = /\{([^{}]*)\}/g;

/** The names in braces of a template, each once. */
export function placeholdersIn(template: string): string[] {
  return [...new Set([...template.matchAll(PLACEHOLDER)].map(([, name = '']) => name))];
}

/** A template with its values; a name that has none stays as it stands. Values are not looked into again. */
export function fill(template: string, values: Record<string, string>): string {
  return template.replace(PLACEHOLDER, (all, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? all) : all,
  );
}

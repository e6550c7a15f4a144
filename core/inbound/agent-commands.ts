/**
 * What an agent asks for in the first lines of a mail, each a # and a word, and what it may name:
 *
 *   #solve          #pending  #open  #on-hold     the answer sets the status
 *   #note                                         the rest is a note, and the customer never sees it
 *   #assign ben     #assign billing               to an agent, or a team
 *   #tag vip late                                 one tag or several
 *
 * The first line that is none ends them, and they are taken off. One that is wrong makes the whole mail wrong: to post
 * an answer that was meant to be a note would be worse than to post nothing.
 */
import type { Agent, CompiledPolicy } from '../policy/compiled-policy.ts';
import type { Right } from '../policy/rights.ts';
import type { SettableStatus } from '../thread/status.ts';
import { TAGS_MAX } from '../thread/thread.ts';
import { problem, type ToldProblem } from './mail-problem.ts';

export interface Asked {
  isNote: boolean;
  status: SettableStatus | undefined;
  team: string | undefined;
  assignee: string | undefined;
  tags: string[];
  /** What is left of the text. */
  text: string;
  /** Why the mail cannot be what it wants to be; none where it can. */
  problems: ToldProblem[];
}

const LINES_MAX = 20;
const TAG_CHARS_MAX = 50;
const LINE = /^#(?<blank>[ \t]?)(?<word>[a-z][a-z-]*)[:.,;]?(?:[ \t]+(?<rest>.*))?$/i;
/** What programs put around words: stars of bold text, marks of width zero. */
const AROUND = /^[*_`\s]+|[\u200b-\u200f\u2060\ufeff]|[*_`\s]+$/g;
const STATUS_WORDS: Record<string, SettableStatus> = {
  open: 'open',
  pending: 'pending',
  'on-hold': 'on-hold',
  solve: 'solved',
  solved: 'solved',
};

export function readCommands(text: string, agent: Agent, policy: CompiledPolicy): Asked {
  const asked: Asked = {
    ...{ isNote: false, status: undefined, team: undefined, assignee: undefined },
    ...{ tags: [], text: '', problems: [] },
  };
  const lines = text.replace(/^\s+/, '').split(/\r?\n/);
  let at = 0;
  for (; at < Math.min(lines.length, LINES_MAX); at += 1) {
    const { word, rest } = commandIn(lines[at] ?? '');
    if (word === '' && (lines[at]?.trim() !== '' || at === 0)) break;
    if (word !== '') take(word, rest, asked, policy);
  }
  if (!asked.isNote && lines.slice(at).some((line) => commandIn(line).word === 'note')) {
    asked.problems.push(problem('first-line', { command: '#note' }));
  }
  asked.text = at === 0 ? text : lines.slice(at).join('\n').trim();
  if (asked.isNote && asked.text === '') asked.problems.push(problem('no-text', { command: '#note' }));
  for (const right of rightsFor(asked)) {
    if (!agent.rights.has(right)) asked.problems.push(problem('missing-right', { right }));
  }
  return asked;
}

/** Whatever may be meant for one: what is not seen goes to the customer. "# Word" is, where there is such a word. */
function commandIn(line: string): { word: string; rest: string } {
  const { blank, word = '', rest = '' } = LINE.exec(line.normalize('NFKC').replace(AROUND, ''))?.groups ?? {};
  const name = word.toLowerCase();
  return blank !== '' && !WORDS.includes(name) ? { word: '', rest: '' } : { word: name, rest: rest.trim() };
}

function take(word: string, rest: string, asked: Asked, policy: CompiledPolicy): void {
  const command = `#${word}`;
  const { problems } = asked;
  const status = Object.hasOwn(STATUS_WORDS, word) ? STATUS_WORDS[word] : undefined;
  if (word === 'note') {
    asked.isNote = true;
    if (rest !== '') problems.push(problem('note-alone', { command }));
  } else if (status !== undefined) {
    if (asked.status !== undefined) problems.push(problem('status-twice', { command }));
    asked.status = status;
    if (rest !== '') problems.push(problem('stands-alone', { command }));
  } else if (word === 'assign') {
    if (policy.agent(rest) !== undefined) asked.assignee = rest;
    else if (policy.team(rest) !== undefined) asked.team = rest;
    else problems.push(problem('nobody-there', { command, name: rest }));
  } else if (word === 'tag') {
    asked.tags.push(...rest.split(/[\s,]+/).filter((tag) => tag !== ''));
    if (rest === '') problems.push(problem('which-tag', { command }));
    if (asked.tags.some((tag) => tag.length > TAG_CHARS_MAX)) problems.push(problem('tag-too-long', { command }));
    if (asked.tags.length > TAGS_MAX) problems.push(problem('too-many-tags'));
  } else {
    problems.push(problem('no-such-command', { command, commands: NAMES }));
  }
}

const WORDS = ['note', 'assign', 'tag', ...Object.keys(STATUS_WORDS)];
const NAMES = '#note, #solve, #pending, #open, #on-hold, #assign, #tag';

function rightsFor({ isNote, text, status, team, assignee, tags }: Asked): Right[] {
  return [
    ...(isNote ? (['note'] as const) : text === '' ? [] : (['reply'] as const)),
    ...(tags.length > 0 || (status !== undefined && (isNote || text === '')) ? (['manage'] as const) : []),
    ...(team !== undefined || assignee !== undefined ? (['assign'] as const) : []),
  ];
}

import { describe, expect, it } from 'vitest';
import { problemInWords } from '../../../core/email/problem-in-words.ts';
import { sayingIn } from '../../../core/email/texts.ts';
import { problem, refusalOf } from '../../../core/inbound/mail-problem.ts';
import { LANGUAGES } from '../../../core/policy/languages.ts';
import type { CommandBody } from '../../../core/thread/command.ts';
import { decide } from '../../../core/thread/decide.ts';
import { mailProblemSchema } from '../../../core/thread/mail-facts.ts';
import { aCommand, aReply, aStart, aText, aWorld, BEN, DAY, MONDAY, type Story } from '../../builders.ts';
import { TimedStory } from '../../support/timed-story.ts';

const NOTE = { type: 'note', messageId: 'set below', channel: 'email', content: aText() } as const;
const TAGS = Array.from({ length: 51 }, (_, index) => `t${index}`);

/** What a mail may ask of a thread. */
const WISHES: CommandBody[] = [
  aReply(),
  aReply({ status: 'solved' }),
  NOTE,
  { type: 'set-status', status: 'open' },
  { type: 'change-tags', add: TAGS, remove: [] },
  { type: 'assign', assignee: 'ben', takeOver: false },
  { type: 'assign', assignee: 'eve', takeOver: true },
  { type: 'assign', team: 'billing', takeOver: false },
];

function begun(): TimedStory {
  const story = new TimedStory(aWorld().policy);
  story.tell(aStart());
  return story;
}

function threads(): Story[] {
  const [open, owned, closed] = [begun(), begun(), begun()];
  owned.tell({ type: 'assign', assignee: 'ana', takeOver: false });
  closed.tell(aReply({ status: 'solved' }));
  closed.passTo(MONDAY + 30 * DAY);
  return [open, owned, closed];
}

describe('what a thread refuses', () => {
  const refused = threads().flatMap(({ id, head, now }) =>
    WISHES.flatMap((body) => {
      const command = aCommand(id, body, { author: BEN, acceptedAt: now });
      const decision = decide(head, command, aWorld({ now }));
      return decision.outcome === 'rejected' ? [refusalOf(decision.reason, head, command)] : [];
    }),
  );

  it('of a mail has words of its own', () => {
    const codes = refused.map((one) => (typeof one === 'string' ? one : one.code));
    expect([...new Set(codes)].sort()).toEqual([
      'assignee-cannot-reply',
      'closed-is-immutable',
      'owned',
      'too-many-tags',
    ]);
  });

  it.each(LANGUAGES)('is said whole in %s', (language) => {
    for (const one of refused) expect(problemInWords(one, sayingIn(language))).not.toMatch(/[{}]|^$/);
    expect(problemInWords(problem('owned', { owner: 'ana' }), sayingIn(language))).toContain('ana');
  });
});

describe('a reason', () => {
  it('that has no words of its own is told by those of the rule', () => {
    const { head, id } = begun();
    const told = refusalOf({ code: 'new-rule', detail: 'Not today.' }, head, aCommand(id, NOTE));
    expect(problemInWords(told, sayingIn('de'))).toBe('Der Vorgang nimmt es nicht an: Not today.');
  });

  it('of an earlier version is told in its words, one of a later by its code', () => {
    expect(problemInWords(mailProblemSchema.parse('Old words.'), sayingIn('de'))).toBe('Old words.');
    expect(problemInWords({ code: 'unheard-of', values: {} }, sayingIn('de'))).toBe('unheard-of');
  });
});

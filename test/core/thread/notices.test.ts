import { describe, expect, it } from 'vitest';
import type { PolicyInput } from '../../../core/policy/policy.ts';
import type { CommandBody } from '../../../core/thread/command.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import {
  ANA,
  aCustomerMessage,
  aPolicy,
  aReply,
  aSetAside,
  aStart,
  aThreadId,
  BEN,
  MINUTE,
  MONDAY,
} from '../../builders.ts';
import { Noted, SECOND } from '../../support/noted-story.ts';
import { TimedStory } from '../../support/timed-story.ts';

const ANAS: CommandBody = { type: 'assign', assignee: 'ana', takeOver: false };
const MAIL = { channel: 'email' } as const;

function lastNotice({ entries }: Noted): Entry | undefined {
  return entries.findLast(({ type }) => type.startsWith('notice-'));
}

/** Ten messages, five seconds apart, and a quiet day. */
function burst(notices: PolicyInput['notices']): Noted {
  const story = new Noted(notices);
  story.tell(aStart());
  for (let n = 1; n < 10; n += 1) story.at(5 * n, aCustomerMessage());
  story.passTo(MONDAY + 24 * 60 * MINUTE);
  return story;
}

/** One that Ana has, and has answered; its customer writes again after so many seconds. */
function answered(after: number, notices: PolicyInput['notices'] = {}, by: 'api' | 'email' = 'api'): Noted {
  const story = new Noted(notices);
  story.tell(aStart());
  story.tell(ANAS, { author: ANA });
  story.at(600, aReply({ channel: by }), { author: ANA });
  story.at(600 + after, aCustomerMessage());
  return story;
}

describe('ten messages in a minute', () => {
  it('are the first at once, and the others as one mail when the minute is over', () => {
    const { notices, written } = burst({});
    expect(notices).toMatchObject([
      { after: 0, to: 'team:support', of: written.slice(0, 1) },
      { after: 60, to: 'team:support', of: written.slice(1) },
    ]);
  });

  it('are one mail where the first waits', () => {
    const { notices, written } = burst({ firstWaits: true });
    expect(notices).toMatchObject([{ after: 60, to: 'team:support', of: written }]);
  });

  it('are ten mails where none waits, and none where nobody wants any', () => {
    expect(burst({ digestMinutes: 0 }).notices).toHaveLength(10);
    expect(burst({ off: ['team:support'] }).notices).toEqual([]);
  });

  it('are explained: who is told when, and by which rule', () => {
    const planned = burst({}).entries.filter(({ type }) => type.startsWith('notice'));
    expect(planned).toMatchObject([
      { type: 'notice-planned', to: 'team:support', dueAt: MONDAY + MINUTE, cause: { rule: 'notices/digest' } },
      { type: 'notice', to: 'team:support', since: planned[0]?.type === 'notice-planned' && planned[0].since },
    ]);
    expect(burst({ off: ['team:support'] }).entries.filter(({ type }) => type === 'notice-off')).toHaveLength(10);
  });
});

describe('a notice', () => {
  it('waits no more once the minute is over, however late its timer is', () => {
    const story = new Noted();
    story.tell(aStart());
    story.at(30, aCustomerMessage());
    story.now = MONDAY + 90 * SECOND; // nothing has fired
    story.tell(aCustomerMessage());
    expect(story.notices).toMatchObject([{ after: 0 }, { after: 90, of: story.written.slice(1) }]);
    expect(story.passTo(MONDAY + 30 * MINUTE)).toBe(0);
  });

  it('is sent at once after an answer: that is another turn', () => {
    const story = new Noted();
    story.tell(aStart());
    story.at(10, aReply(MAIL), { author: ANA });
    story.at(20, aCustomerMessage(MAIL));
    expect(story.notices.map(({ after }) => after)).toEqual([0, 20]);
  });

  it('is not sent where the customer was answered, or wants nothing any more', () => {
    const ends: CommandBody[] = [aReply(), { type: 'set-status', status: 'solved' }, { type: 'customer-solve' }];
    for (const end of ends) {
      const story = new Noted();
      story.tell(aStart());
      story.at(10, aCustomerMessage());
      story.at(20, end);
      story.passTo(MONDAY + 30 * MINUTE);
      expect(story.notices).toHaveLength(1);
    }
  });

  it('goes to whoever has the thread when it is sent, and at once to whom it is given', () => {
    const story = new Noted();
    story.tell(aStart());
    story.at(10, aCustomerMessage());
    story.at(20, { type: 'assign', assignee: 'ben', takeOver: false }, { author: ANA });
    expect(story.notices.at(-1)).toMatchObject({ after: 20, to: 'agent:ben', of: story.written.slice(1) });
  });

  it('waits no more where what began the thread comes late, and says whose it is', () => {
    const story = new Noted();
    story.tell(aSetAside());
    story.at(5, aCustomerMessage());
    story.at(6, aCustomerMessage());
    story.at(7, aStart({ team: 'billing' }));
    expect(story.notices).toMatchObject([
      { after: 5, to: 'team:' },
      { after: 7, to: 'team:billing' },
    ]);
  });

  it('of what a merge takes away is sent when it does', () => {
    const older = aThreadId('c1', MONDAY - 60 * MINUTE);
    const story = new Noted();
    story.tell(aStart());
    story.at(10, aCustomerMessage());
    story.at(20, { type: 'merge', into: older }, { author: ANA });
    story.at(21, { type: 'complete-merge', into: older });
    expect(story.head.status).toBe('closed');
    expect(story.notices.at(-1)).toMatchObject({ after: 21, to: 'team:support', of: story.written.slice(1) });
    expect(story.passTo(MONDAY + 30 * MINUTE)).toBe(0);
  });

  it('of a message that a rule solves is sent at once', () => {
    const solving = {
      id: 'done',
      on: ['message' as const],
      mode: 'all' as const,
      rules: [{ id: 'any', do: { status: 'solved' as const } }],
    };
    const story = new Noted();
    story.policy = aPolicy({ routing: [solving] });
    story.tell(aStart());
    story.at(10, aCustomerMessage());
    expect(story.notices.map(({ after }) => after)).toEqual([0, 10]);
  });
});

describe('while an agent is on the thread', () => {
  it('their notice waits until they have been quiet for so long', () => {
    const story = answered(60);
    expect(lastNotice(story)).toMatchObject({ type: 'notice-planned', cause: { rule: 'notices/on-thread' } });
    story.passTo(MONDAY + 30 * MINUTE);
    expect(story.notices.slice(1)).toMatchObject([{ after: 900, to: 'agent:ana', of: story.written.slice(1) }]);
  });

  it('what they do meanwhile puts it off, and an answer takes it away', () => {
    const busy = answered(60);
    busy.at(800, { type: 'change-tags', add: ['x'], remove: [] }, { author: ANA });
    busy.passTo(MONDAY + 30 * MINUTE);
    expect(busy.notices.slice(1)).toMatchObject([{ after: 1_100 }]);
    const done = answered(60);
    done.at(800, aReply(), { author: ANA });
    done.passTo(MONDAY + 30 * MINUTE);
    expect(done.notices).toHaveLength(1);
  });

  it.each<[string, Noted]>([
    ['long before', answered(300)],
    ['by mail', answered(60, {}, 'email')],
    ['where none waits', answered(60, { onThreadMinutes: 0 })],
  ])('is not: %s', (_what, story) => {
    expect(story.notices.at(-1)).toMatchObject({ to: 'agent:ana', of: story.written.slice(1) });
  });

  it('counts for nobody else: the owner is told of what comes while a colleague is there', () => {
    const story = answered(400);
    story.at(1_020, { type: 'note', messageId: 'x', channel: 'api', content: aReply().content }, { author: BEN });
    story.at(1_030, aReply(MAIL), { author: BEN });
    story.at(1_040, { type: 'change-tags', add: ['x'], remove: [] }, { author: BEN });
    story.at(1_050, aCustomerMessage());
    expect(story.notices.at(-1)).toMatchObject({ after: 1_050, to: 'agent:ana' });
  });

  it('counts for no team, of whom others may not be there, and what a mail asks for is no presence', () => {
    const story = new Noted();
    story.tell(aStart());
    story.at(600, { type: 'set-status', status: 'pending' }, { author: BEN });
    story.at(660, aCustomerMessage());
    expect(story.notices.at(-1)).toMatchObject({ after: 660, to: 'team:support' });
    const byMail = new Noted();
    byMail.tell(aStart());
    byMail.tell(ANAS, { author: ANA });
    byMail.at(600, aReply(MAIL), { author: ANA });
    byMail.at(600, { type: 'change-tags', add: ['x'], remove: [] }, { author: ANA });
    byMail.at(660, aCustomerMessage());
    expect(byMail.notices.at(-1)).toMatchObject({ after: 660, to: 'agent:ana' });
  });

  it('ends for it when somebody else gets the thread', () => {
    const story = answered(60);
    story.at(700, { type: 'assign', assignee: 'ben', takeOver: true }, { author: ANA });
    expect(story.notices.at(-1)).toMatchObject({ after: 700, to: 'agent:ben', of: story.written.slice(1) });
  });
});

describe('who wants no notices', () => {
  it('gets none, and the others do', () => {
    const story = answered(600, { off: ['agent:ana'] });
    expect(story.notices).toMatchObject([{ to: 'team:support' }]);
    expect(lastNotice(story)).toMatchObject({ type: 'notice-off', to: 'agent:ana', cause: { rule: 'notices/off' } });
  });

  it('is told of deadlines all the same', () => {
    const story = new TimedStory(
      aPolicy({
        notices: { off: ['team:support'] },
        sla: [{ id: 'all', metrics: { 'first-reply': { within: '1h', breach: { notify: ['team'] } } } }],
      }),
    );
    story.tell(aStart());
    story.passTo(MONDAY + 24 * 60 * MINUTE);
    expect(story.entries.find(({ type }) => type === 'notified')).toMatchObject({ to: 'team:support' });
  });
});

import { describe, expect, it } from 'vitest';
import { composeAlert } from '../../../core/email/alert.ts';
import { composeMail } from '../../../core/email/compose.ts';
import { loopMark, marksOf } from '../../../core/email/marks.ts';
import { bearerOf, readReplyToken } from '../../../core/email/reply-token.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import { aPolicy, aStory, MONDAY } from '../../builders.ts';
import { testSecrets } from '../../support/secrets.ts';

const policy = aPolicy({ mail: { repliesAt: 'in.acme.example' } });
const story = aStory();
const mail = { business: 'acme', threadId: story.id, to: 'customer:c1@example.com', at: MONDAY } as const;
const about = {
  threadId: story.id,
  facts: story.head,
  to: { name: 'Cleo', address: 'c1@example.com' },
  policy,
  marks: marksOf(testSecrets, policy.source.mail, mail),
};
const entry = story.entries.find(({ type }) => type === 'message') as Entry & { type: 'message' };
const letter = { ...about, entry, body: { text: 'Hello', html: null }, keyOf: () => '' };
const notified = { ...entry, type: 'notified', to: 'team:support', of: null } as Entry & { type: 'notified' };

describe('marks', () => {
  it.each([
    ['an acknowledgement', composeMail('acknowledgement', letter)],
    ['an answer', composeMail('reply', letter)],
    ['a notice', composeMail('notice', letter)],
    ['an alert', composeAlert({ ...about, entry: notified })],
  ])('stand on %s: where an answer goes, and that it is ours', (_what, { headers }) => {
    const [localPart = '', domain] = headers['Reply-To']?.split('@') ?? [];
    expect(domain).toBe('in.acme.example');
    const token = readReplyToken(localPart);
    expect(token && bearerOf(token, 'acme', testSecrets.mailKeys, [mail.to])).toBe(mail.to);
    expect(headers['X-Meanwhile-Loop']).toBe(loopMark(testSecrets, 'acme'));
  });

  it('name no address where the business receives no answers, or has no key yet', () => {
    expect(marksOf(testSecrets, aPolicy().source.mail, mail).replyTo).toBeNull();
    const { mailKeys: _, ...older } = testSecrets;
    expect(marksOf(older, policy.source.mail, mail).replyTo).toBeNull();
  });

  it('tell businesses and installations apart', () => {
    expect(loopMark(testSecrets, 'acme')).not.toBe(loopMark(testSecrets, 'other'));
    expect(loopMark(testSecrets, 'acme')).not.toBe(loopMark({ idKey: 'of another stage' }, 'acme'));
  });
});

import { describe, expect, it } from 'vitest';
import { composeMail } from '../../../core/email/compose.ts';
import type { MailAddress } from '../../../core/email/mail.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import { PARTICIPANTS_MAX } from '../../../core/thread/thread.ts';
import { aCustomer, aCustomerMessage, aPolicy, aReply, aStart, aStory, defaultPolicy, Story } from '../../builders.ts';
import { MARKS } from '../../support/secrets.ts';

const at = (address: string, name = ''): MailAddress => ({ name, address });
const dan = at('dan@example.com', 'Dan');
const eva = at('eva@example.com');

function answerTo(story: Story, policy = defaultPolicy) {
  story.tell(aReply());
  const entry = story.entries.findLast(({ type }) => type === 'message') as Entry & { type: 'message' };
  const to = at(story.head.customer.email ?? '', 'Cleo');
  const body = { text: 'Yes', html: null };
  const about = { threadId: story.id, facts: story.head, entry, to, policy, body, marks: MARKS, keyOf: () => '' };
  return {
    reply: composeMail('reply', about),
    others: [composeMail('acknowledgement', about), composeMail('notice', about)],
  };
}

describe('who else is in a conversation', () => {
  it('is kept, and gets its answers beside its customer; automatic mails they do not', () => {
    const story = aStory({ participants: [dan] });
    story.tell(aCustomerMessage({ participants: [at('DAN@example.com'), eva] }));
    expect(story.head.participants).toEqual([dan, eva]);
    const { reply, others } = answerTo(story);
    expect(reply).toMatchObject({ to: at('c1@example.com', 'Cleo'), cc: [dan, eva] });
    for (const mail of others) expect(mail.cc).toBeUndefined();
  });

  it('is nobody of the business, and not its customer', () => {
    const own = ['support@acme.example', 'Billing@Acme.example', 'ben@acme.example', 'C1@example.com'];
    const story = aStory({ participants: [...own.map((address) => at(address)), dan] });
    expect(story.head.participants).toEqual([dan]);
  });

  it('is not written to as long as they are the customer, or the business’s own by now', () => {
    const story = aStory({ participants: [dan, eva] });
    story.tell(aCustomerMessage({ customer: aCustomer({ email: 'Eva@example.com' }) }));
    const { support } = defaultPolicy.source.teams;
    if (support === undefined) throw new Error('There is a team support.');
    const policy = aPolicy({ teams: { support: { ...support, address: dan.address } } });
    expect(answerTo(story, policy).reply.cc).toBeUndefined();
  });

  it('is nobody at an address that mail is received at, with a plus or as an answer', () => {
    const policy = aPolicy({
      mail: { repliesAt: 'in.acme.example', addresses: { 'rechnung@acme.example': 'billing' } },
    });
    const story = new Story();
    const own = ['reply+x@in.acme.example', 'rechnung@acme.example', 'support+2026@acme.example'];
    story.tell(aStart({ participants: [...own.map((address) => at(address)), eva] }), { policy });
    expect(story.head.participants).toEqual([eva]);
  });

  it('are so many at most, and nobody where a mail names more: it was sent round', () => {
    const many = Array.from({ length: 2 * PARTICIPANTS_MAX }, (_, index) => at(`p${index}@example.com`));
    const story = aStory({ participants: many.slice(0, 15) });
    story.tell(aCustomerMessage({ participants: many }));
    expect(story.head.participants).toEqual(many.slice(0, 15));
    story.tell(aCustomerMessage({ participants: many.slice(10, 25) }));
    expect(story.head.participants).toEqual(many.slice(0, PARTICIPANTS_MAX));
  });

  it('is no reason to tell that the customer’s own address takes no mail', () => {
    const bounced = (...bouncedFrom: string[]) => {
      const story = aStory({ participants: [dan] });
      const send = `snd${story.id.slice(3)}_9_reply`;
      story.tell({
        ...{ type: 'record-delivery', send, state: 'bounced', detail: 'Permanent General' },
        ...{ isFinal: true, bouncedFrom },
      });
      return story.entries.slice(-3).map((entry) => ('detail' in entry ? entry.detail : entry.type));
    };
    expect(bounced('dan@example.com').at(-1)).toBe('Permanent General, of a copy');
    expect(bounced('c1@example.com', 'dan@example.com')).toEqual(['Permanent General', 'notified', 'notified']);
  });
});

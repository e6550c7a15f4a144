import { describe, expect, it } from 'vitest';
import { composeMail, type Letter } from '../../../core/email/compose.ts';
import { contentOf } from '../../../core/thread/content.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import { aCustomer, aPolicy, aReply, aStory, aText, defaultPolicy, type Story } from '../../builders.ts';
import { MARKS } from '../../support/secrets.ts';

function letter(story: Story, changes: Partial<Letter> = {}): Letter {
  const entry = story.entries.findLast(({ type }) => type === 'message') as Entry & { type: 'message' };
  const { customer } = story.head;
  return {
    threadId: story.id,
    facts: story.head,
    entry,
    body: { text: 'Where is my order?', html: null },
    to: { name: customer.name ?? '', address: customer.email ?? '' },
    policy: defaultPolicy,
    marks: MARKS,
    keyOf: (id) => `threads/x/${id}`,
    ...changes,
  };
}

describe('an acknowledgement', () => {
  it('says when the answer comes, in the team’s zone where the customer’s is not known', () => {
    const mail = composeMail('acknowledgement', letter(aStory()));
    expect(mail.text).toContain('You can expect our answer today by 17:00 CET.');
    expect(mail.text).toContain('> Where is my order?');
    expect(mail.subject).toBe('Re: My order');
  });

  it('says it in the customer’s language and zone', () => {
    const customer = aCustomer({ locale: 'de-DE', zoneinfo: 'America/New_York' });
    const mail = composeMail('acknowledgement', letter(aStory({ customer })));
    expect(mail.text).toContain('Guten Tag Cleo');
    expect(mail.text).toContain('Sie erhalten unsere Antwort heute bis 11:00 Uhr.');
  });

  it('is marked as automatic, so that no machine answers it', () => {
    const { headers } = composeMail('acknowledgement', letter(aStory()));
    const suppressed = 'DR, RN, NRN, OOF, AutoReply';
    expect(headers).toMatchObject({ 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': suppressed });
  });

  it('says that a message to a closed thread has begun another', () => {
    const story = aStory({ followUpOf: 'thr_acme_before' });
    const { text } = composeMail('acknowledgement', letter(story));
    expect(text).toMatch(/^Hello Cleo,\n\nThank you, .*\n\nYour earlier conversation was closed/s);
    expect(composeMail('acknowledgement', letter(aStory())).text).not.toContain('earlier');
  });

  it('promises nothing where nothing can be promised', () => {
    const story = aStory();
    story.thread = { ...story.head, expectedReplyAt: null };
    expect(composeMail('acknowledgement', letter(story)).text).toContain('as soon as we can');
  });
});

describe('a reply', () => {
  it('is what the agent wrote, by name, and not marked as automatic', () => {
    const story = aStory();
    story.tell(aReply());
    const mail = composeMail('reply', letter(story, { body: { text: 'It is on its way.', html: null } }));
    expect(mail.text).toBe('It is on its way.\n\n-- \nAna, Acme');
    expect(mail.from).toEqual({ name: 'Ana, Acme', address: 'support@acme.example' });
    expect(mail.headers).not.toHaveProperty('Auto-Submitted');
  });

  it('carries as many files as a mail can, and names those that it leaves', () => {
    const file = (name: string, megabytes: number) => {
      return {
        type: 'file',
        attachmentId: name,
        name,
        mediaType: 'text/plain',
        bytes: megabytes * 1024 * 1024,
      } as const;
    };
    const story = aStory();
    const files = [file('a', 10), file('b', 12), file('c', 8)];
    story.tell(aReply({ content: contentOf({ text: 'Here', html: null }, files) }));
    const mail = composeMail('reply', letter(story));
    expect(mail.attachments.map(({ key }) => key)).toEqual(['threads/x/a', 'threads/x/c']);
    expect(mail.text).toContain('Too large for a mail, but kept in your thread: b');
    expect(mail.html).toContain('kept in your thread: b');
  });

  it.each([
    ['application/pdf', 'application/pdf'],
    ['multipart/mixed', 'application/octet-stream'],
    ['message/rfc822', 'application/octet-stream'],
  ])('carries a file of %s as bytes: %s', (mediaType, carried) => {
    const story = aStory();
    const file = { type: 'file', attachmentId: 'a', name: 'a.eml', mediaType, bytes: 3 } as const;
    story.tell(aReply({ content: contentOf({ text: 'Here', html: null }, [file]) }));
    expect(composeMail('reply', letter(story)).attachments).toMatchObject([{ name: 'a.eml', mediaType: carried }]);
  });

  it('keeps the words of HTML and none of its power', () => {
    const story = aStory();
    story.tell(aReply());
    const html = '<p onclick="x()">Hi <b>you</b><script>alert(1)</script><img src="http://t/1.png"></p>';
    const mail = composeMail('reply', letter(story, { body: { text: 'Hi you', html } }));
    expect(mail.html).toContain('<p>Hi <b>you</b></p>');
    expect(mail.html).not.toMatch(/<script|onclick|<img/);
  });
});

describe('the business', () => {
  const policy = aPolicy({
    brand: {
      ...{ name: 'ACME <Berlin>', accent: '#ffee00', sender: '{agent} ({business})' },
      signature: { en: 'Acme GmbH\nBerlin', de: 'Acme GmbH\nin Berlin' },
    },
    texts: { arrived: { en: 'Got it; answer {when}.', de: 'Ist da; Antwort {when}.' } },
  });

  it('shows itself as it wants to be known', () => {
    const story = aStory();
    const first = composeMail('acknowledgement', letter(story, { policy }));
    expect(first.from.name).toBe('ACME <Berlin>');
    expect(first.text).toContain('Got it; answer today by 17:00 CET.');
    expect(first.text.endsWith('\n\n-- \nAcme GmbH\nBerlin')).toBe(true);
    expect(first.html).toContain('<strong>ACME &lt;Berlin&gt;</strong>');
    expect(first.html).toContain('background-color:#ffee00;color:#000000');
    story.tell(aReply());
    const answer = composeMail('reply', letter(story, { policy }));
    expect(answer.from.name).toBe('Ana (ACME <Berlin>)');
    expect(answer.text.endsWith('-- \nAna (ACME <Berlin>)\nAcme GmbH\nBerlin')).toBe(true);
  });

  it('shows its own people no signature, and writes to each in their language', () => {
    const { support } = policy.source.teams;
    const { ana, ben } = policy.source.agents;
    if (support === undefined || ana === undefined || ben === undefined) throw new Error('There are these.');
    const german = aPolicy({
      ...{ brand: policy.source.brand, languages: ['de', 'en'] },
      agents: { ana: { ...ana, language: 'en' }, ben },
      teams: { support: { ...support, agents: ['ana', 'ben'] } },
    });
    const to = (address: string) =>
      composeMail('notice', letter(aStory(), { policy: german, to: { name: '', address } }));
    expect(to('ana@acme.example').text).toContain('Reply expected: by Monday 23 November at 17:00');
    for (const address of ['ben@acme.example', 'support@acme.example']) {
      expect(to(address).text).toContain('Antwort erwartet: bis Montag, 23. November um 17:00');
      expect(to(address).text).not.toContain('Acme GmbH');
      expect(to(address).html).toContain('<html lang="de" dir="ltr">');
    }
  });
});

describe('a notice', () => {
  it('tells the team who wrote what, and by when they expect an answer', () => {
    const story = aStory({ topic: 'billing', urgency: 'high' });
    const mail = composeMail('notice', letter(story, { to: { name: 'Billing', address: 'billing@acme.example' } }));
    expect(mail.subject).toBe('[Acme] My order');
    const facts = ['Cleo · c1@example.com', 'Team: Billing', 'Topic: billing', 'Stated urgency: high', story.id];
    for (const text of facts) {
      expect(mail.text).toContain(text);
    }
    expect(mail.headers['Auto-Submitted']).toBe('auto-generated');
  });
});

describe('every mail', () => {
  it('refers to the same root, so that programs show one thread', () => {
    const story = aStory();
    const first = composeMail('acknowledgement', letter(story));
    story.tell(aReply());
    const second = composeMail('reply', letter(story));
    expect(first.headers['References']).toBe(second.headers['References']);
    expect(first.headers['Message-ID']).not.toBe(second.headers['Message-ID']);
  });

  it('stays one conversation when the thread moves to a team at another domain', () => {
    const { support } = defaultPolicy.source.teams;
    if (support === undefined) throw new Error('There is a team support.');
    const policy = aPolicy({ teams: { support, other: { ...support, address: 'x@other.example' } } });
    const story = aStory({}, undefined);
    const first = composeMail('acknowledgement', letter(story, { policy }));
    const moved = composeMail('reply', letter(story, { policy, facts: { ...story.head, team: 'other' } }));
    expect(moved.from.address).toBe('x@other.example');
    expect(moved.headers['References']).toBe(first.headers['References']);
  });

  it('escapes what people wrote', () => {
    const story = aStory({ subject: 'a <b> & "c"', content: aText('<script>') });
    for (const kind of ['acknowledgement', 'notice'] as const) {
      const mail = composeMail(kind, letter(story, { body: { text: '<script>alert(1)</script>', html: null } }));
      expect(mail.html).not.toContain('<script>');
      expect(mail.html).toContain('&lt;script&gt;');
    }
  });

  it('names the files that a customer attached in the notice', () => {
    const file = {
      type: 'file',
      attachmentId: 'att_1',
      name: 'bill.pdf',
      mediaType: 'application/pdf',
      bytes: 3,
    } as const;
    const story = aStory({ content: contentOf({ text: 'see file', html: null }, [file]) });
    expect(composeMail('notice', letter(story)).text).toContain('Attached: bill.pdf');
  });
});

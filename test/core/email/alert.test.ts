import { describe, expect, it } from 'vitest';
import { composeAlert } from '../../../core/email/alert.ts';
import type { Entry } from '../../../core/thread/entry.ts';
import { aCustomer, aPolicy, aStart, aText, HOUR, MONDAY } from '../../builders.ts';
import { MARKS } from '../../support/secrets.ts';
import { TimedStory, WATCHED } from '../../support/timed-story.ts';

function alertsOf(story: TimedStory) {
  const entries = story.entries.filter((entry): entry is Entry & { type: 'notified' } => entry.type === 'notified');
  const to = { name: 'Support', address: 'support@acme.example' };
  return entries.map((entry) =>
    composeAlert({
      threadId: story.id,
      facts: { ...story.head, team: 'support' },
      entry,
      to,
      policy: story.policy,
      marks: MARKS,
    }),
  );
}

describe('the mail that tells a colleague of a deadline', () => {
  const story = new TimedStory(aPolicy({ sla: [{ id: 'vips', metrics: { 'first-reply': WATCHED } }] }));
  story.tell(aStart({ content: aText('A secret of mine'), customer: aCustomer({ name: '<b>Cleo</b>' }) }));
  story.passTo(MONDAY + 5 * HOUR);
  const [warned, breached, , repeated] = alertsOf(story);

  it('says what is due, by when in the team’s time, whose it is and why', () => {
    expect(warned).toMatchObject({ subject: '[Acme] First reply due: My order' });
    expect(warned?.text).toContain('First reply is due by Monday 23 November at 16:00.');
    expect(warned?.text).toContain('Owner: nobody');
    expect(warned?.text).toContain('Why: sla/vips/first-reply');
    expect(breached?.subject).toBe('[Acme] First reply overdue: My order');
    expect(repeated?.text).toContain('and is still not done');
  });

  it('has no word of what was written, and no power of what was', () => {
    for (const mail of alertsOf(story)) {
      expect(`${mail.text}${mail.html}`).not.toContain('secret');
      expect(mail.html).not.toContain('<b>');
      expect(mail.headers).toMatchObject({ 'Auto-Submitted': 'auto-generated' });
    }
  });

  it('is told by a rule, too', () => {
    const rules = [{ id: 'tell', do: { notify: ['agent:ana' as const] } }];
    const told = (changes: Parameters<typeof aPolicy>[0]) => {
      const routing = [{ id: 'intake', on: ['start' as const], mode: 'first' as const, rules }];
      const routed = new TimedStory(aPolicy({ routing, ...changes }));
      routed.tell(aStart());
      return alertsOf(routed)[0];
    };
    const mail = told({});
    expect(mail?.subject).toBe('[Acme] For you to know: My order');
    expect(mail?.text).toContain('Why: intake/tell');
    const lines = { toKnow: { en: 'Look\r\nhere', de: 'Sieh\nhin' } };
    expect(told({ texts: lines })?.subject).toBe('[Acme] Look here: My order');
  });
});

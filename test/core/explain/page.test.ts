import { describe, expect, it } from 'vitest';
import { explain } from '../../../core/explain/explain.ts';
import { explanationPage, PAGE_POLICY } from '../../../core/explain/page.ts';
import { aPolicy, aReply, aStart, HOUR, MONDAY, Story } from '../../builders.ts';

const policy = aPolicy({
  routing: [
    {
      id: 'intake',
      on: ['start'],
      mode: 'first',
      rules: [{ id: 'money', when: { topic: ['<b>money'] }, do: { team: 'billing' } }],
    },
  ],
  sla: [{ id: 'all', metrics: { 'first-reply': { within: '4h' }, 'requester-wait': { within: '1h' } } }],
});

function pageOf(story: Story, now: number): string {
  const explanation = explain(story.head, story.log, () => policy, now);
  return explanationPage({ thread: story.head, explanation, isWhole: false, timeZone: 'Europe/Berlin' });
}

describe('an explanation as a page', () => {
  const story = new Story();
  story.tell(aStart({ subject: '<script>alert(1)</script> & more', topic: '<b>money' }), { policy });
  story.tell(aReply({ status: 'pending' }), { policy, now: MONDAY + HOUR / 2 });
  const page = pageOf(story, MONDAY + 3 * HOUR);

  it('says where the thread is, each rule with what it found, and the version that decided', () => {
    expect(page).toContain('<dt>Team</dt><dd>billing</dd>');
    expect(page).toContain('intake/money<br>topic: &lt;b&gt;money');
    expect(page).toContain(`<code>${policy.hash}</code>`);
    expect(page).toContain('its beginning is left out');
  });

  it('has the arithmetic of each deadline: what counted, what stood still, what is left', () => {
    const wait = page.slice(page.indexOf('<h3>requester-wait 1</h3>'));
    expect(wait).toContain('<dt>State</dt><dd>paused</dd>');
    expect(wait).toContain('<dt>Counted</dt><dd>30 min</dd>');
    expect(wait).toMatch(/<dt>Open time<\/dt><dd><ul><li><time datetime="2026-11-23T11:00:00.000Z">.*<\/li><\/ul>/);
    expect(wait).toMatch(/<dt>Paused<\/dt><dd><ul><li><time datetime="2026-11-23T11:30:00.000Z">[^<]+<\/time> – still/);
    expect(wait).toContain('<dt>Left</dt><dd>30 min</dd>');
  });

  it('lets nothing that somebody wrote become markup, and runs and fetches nothing', () => {
    expect(page).not.toContain('<script');
    expect(page).not.toMatch(/<(img|link|iframe|form)|src=|url\(|@import/);
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; more');
    expect(PAGE_POLICY).toContain("default-src 'none'");
  });

  it('closes what it opens, and is laid out for those who hear it', () => {
    const opened = [...page.matchAll(/<([a-z0-9]+)[ >]/g)].map(([, tag]) => tag);
    const closed = [...page.matchAll(/<\/([a-z0-9]+)>/g)].map(([, tag]) => tag);
    const empty = ['meta', 'br'];
    expect(opened.filter((tag) => !empty.includes(tag ?? '')).sort()).toEqual(closed.sort());
    expect(page).toContain('<html lang="en">');
    expect(page.match(/<h1>/g)).toHaveLength(1);
    expect(page.match(/<th scope="col">/g)).toHaveLength(6);
  });
});

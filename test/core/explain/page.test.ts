import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { explain } from '../../../core/explain/explain.ts';
import { explanationPage, PAGE_POLICY } from '../../../core/explain/page.ts';
import type { CompiledPolicy } from '../../../core/policy/compiled-policy.ts';
import type { Thread } from '../../../core/thread/thread.ts';
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

interface Wanted {
  now?: number;
  kept?: CompiledPolicy | undefined;
  thread?: Partial<Thread>;
}

function pageOf(story: Story, { now = MONDAY + 3 * HOUR, thread, ...wanted }: Wanted = {}): string {
  const kept = 'kept' in wanted ? wanted.kept : policy;
  const explanation = explain(story.head, story.log, () => kept, now);
  const about = { ...story.head, ...thread };
  return explanationPage({ thread: about, explanation, isWhole: false, timeZone: 'Europe/Berlin' });
}

/** What is said of a deadline, tags left out. */
function deadlineIn(page: string, name: string): string {
  const from = page.indexOf(`<h3>${name}</h3>`);
  return page
    .slice(from, page.indexOf('</section>', from))
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');
}

/** Names of elements by what holds them; @throws where one is closed that was not opened last, or text is no markup */
function elementsOf(page: string): string[] {
  const open: string[] = [];
  const found: string[] = [];
  const rest = page.replace('<!doctype html>', '').replace(/<style>[^<]*<\/style>/, '');
  for (const [tag, close, name = '', end] of rest.matchAll(/<(\/?)([a-z0-9]*)(?: [a-z-]+="[^"<>]*")*(>?)/g)) {
    if (name === '' || end === '') throw new Error(`${tag} is no tag.`);
    if (close === '/' && open.pop() !== name) throw new Error(`${name} is not what is open.`);
    if (close === '') found.push([...open, name].join(' '));
    if (close === '' && !['meta', 'br'].includes(name)) open.push(name);
  }
  if (open.length > 0) throw new Error(`${open.join(' ')} is left open.`);
  return found;
}

describe('an explanation as a page', () => {
  const story = new Story();
  story.tell(aStart({ subject: '<script>alert(1)</script> & more', topic: '<b>money' }), { policy });
  story.tell(aReply({ status: 'pending' }), { policy, now: MONDAY + HOUR / 2 });
  const page = pageOf(story);

  it('says where the thread is, each rule with what it found, and the version that decided', () => {
    expect(page).toContain('<dt>Team</dt><dd>billing</dd>');
    expect(page).toContain('intake/money<br>topic: &lt;b&gt;money');
    expect(page).toContain(`<code>${policy.hash}</code>`);
    expect(page).toContain('its beginning is left out');
  });

  it('has the arithmetic of each deadline: what counted, what stood still, what is left', () => {
    expect(deadlineIn(page, 'requester-wait 1')).toContain(
      'State paused Target all, of policy ' +
        `${policy.hash} Within 1h of its team’s hours (UTC) ` +
        'Started Mon, 23 Nov 2026, 12:00 Counted until Mon, 23 Nov 2026, 12:30 Open time From To Counted ' +
        'Mon, 23 Nov 2026, 12:00 Mon, 23 Nov 2026, 12:30 30 min ' +
        'Mon, 23 Nov 2026, 12:30 still paused Counted 30 min Allowed 1 h Left 30 min',
    );
  });

  it('says by how much a deadline is over, and sums up what is too long to be told', () => {
    const waiting = new Story();
    const hours = { timeZone: 'UTC', hours: { mon: ['00:00-00:10'], tue: ['00:00-00:20'] } };
    const short = aPolicy({
      calendars: { ...policy.source.calendars, short: hours },
      sla: [{ id: 'all', metrics: { 'first-reply': { within: '30m', calendar: 'short' } } }],
    });
    waiting.tell(aStart(), { policy: short });
    const said = deadlineIn(pageOf(waiting, { kept: short, now: MONDAY + 364 * 24 * HOUR }), 'first-reply 1');
    expect(said).toContain('Counted Earlier 13 h 30 min Tue, 1 Jun 2027, 02:00');
    expect(said).toMatch(/Counted 26 h Allowed 30 min Over by 25 h 30 min $/);
  });

  it('says so where the policy is kept no more', () => {
    const said = deadlineIn(pageOf(story, { kept: undefined }), 'requester-wait 1');
    expect(said).toContain('The policy that it is counted by is not kept any more.');
    expect(said).not.toContain('Left');
  });

  it('tells every instant in the zone of the team, and exactly to those who look for it', () => {
    expect(page).toContain('due <time datetime="2026-11-23T15:00:00.000Z">Mon, 23 Nov 2026, 16:00</time>.');
    expect(page.replaceAll(/datetime="[^"]*"/g, '')).not.toMatch(/\d{4}-\d\d-\d\dT/);
  });

  it('runs and fetches nothing, and may not', () => {
    const style = /<style>([^<]*)<\/style>/.exec(page)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect(PAGE_POLICY).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    expect(style).not.toMatch(/url\(|@import/);
    const held = new Set(elementsOf(page).map((path) => path.split(' ').at(-1)));
    for (const name of ['script', 'img', 'link', 'iframe', 'form', 'a']) expect(held).not.toContain(name);
  });

  it('is laid out for those who hear it', () => {
    expect(page).toContain('<html lang="en">');
    const headings = elementsOf(page).flatMap((path) => /h\d$/.exec(path)?.[0] ?? []);
    expect(headings).toEqual(['h1', 'h2', 'h3', 'h3', 'h2']);
    for (const [row] of page.matchAll(/<tr>.*?<\/tr>/gs)) expect(row).toMatch(/^<tr><th scope="(row|col)"/);
    expect(page.match(/<th scope="col">/g)).toHaveLength(6 + 2 * 3);
  });

  it('lets nothing that somebody wrote become markup', () => {
    const shape = elementsOf(page);
    const nasty = fc.string({
      unit: fc.constantFrom('<', '>', '&', '"', "'", '/', '=', ' ', 'b', '2026-99-99T99:99:99.999Z'),
    });
    fc.assert(
      fc.property(nasty, nasty, nasty, (subject, tag, name) => {
        const other = new Story();
        other.tell(aStart({ subject, topic: '<b>money' }), { policy });
        const author = { kind: 'agent' as const, id: 'ana', name };
        other.tell(aReply({ status: 'pending' }), { policy, author, now: MONDAY + HOUR / 2 });
        other.tell({ type: 'set-subject', subject: tag }, { policy, author, now: MONDAY + HOUR / 2 });
        expect(elementsOf(pageOf(other, { thread: { tags: [tag], team: tag, assignee: tag } })).slice(0, 12)).toEqual(
          shape.slice(0, 12),
        );
      }),
    );
  });
});

/** An explanation as a page: HTML that needs nothing else, to be read, printed or kept. */
import { sha256Base64 } from '../digest.ts';
import type { Thread } from '../thread/thread.ts';
import type { ExplainedDeadline, ExplainedEntry, Explanation } from './explain.ts';
import { html, Markup } from './markup.ts';
import { STYLE } from './style.ts';

export interface ExplainedThread {
  thread: Thread;
  explanation: Explanation;
  isWhole: boolean;
  /** Of the thread's team: instants are told in it. */
  timeZone: string;
}

/** What may be on the page: its own style. Nothing is fetched, nothing runs, and no other page shows it as its own. */
export const PAGE_POLICY = [
  ["default-src 'none'", `style-src 'sha256-${sha256Base64(STYLE)}'`],
  ["base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'"],
]
  .flat()
  .join('; ');

const INSTANT = /(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)/;

/** An instant, as it is told to those who read and to those who look for it. */
type Telling = (instant: number) => Markup;
type Fact = [name: string, value: Markup | string | null];

export function explanationPage({ thread, explanation, isWhole, timeZone }: ExplainedThread): string {
  const at = tellingIn(timeZone);
  const subject = thread.subject || 'Without a subject';
  const { entries, deadlines } = explanation;
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Why: ${subject}</title><style>${new Markup(STYLE)}</style></head><body><main>
<h1>${subject}</h1>
<p class="soft">Why this thread is where it is. Instants are in ${timeZone}.</p>
${listOf(factsOf(thread, at))}
<h2>Deadlines</h2>
${deadlines.length === 0 ? html`<p>None is measured.</p>` : deadlines.map((deadline) => deadlineHtml(deadline, at))}
<h2 id="entries">What happened</h2>
${isWhole ? '' : html`<p>The log is long: its beginning is left out.</p>`}
${entriesHtml(entries, at)}
</main></body></html>
`;
  return page.text;
}

function factsOf({ id, status, priority, team, assignee, tags, ...more }: Thread, at: Telling): Fact[] {
  const { waitingSince, expectedReplyAt } = more;
  return [
    ['Status', status],
    ['Priority', priority],
    ['Team', team ?? 'none'],
    ['Owner', assignee ?? 'nobody'],
    ['Tags', tags.join(', ') || 'none'],
    ['Customer waits since', waitingSince === null ? null : at(waitingSince)],
    ['Answer promised by', expectedReplyAt === null ? null : at(expectedReplyAt)],
    ['Thread', html`<code>${id}</code>`],
  ];
}

function deadlineHtml(deadline: ExplainedDeadline, at: Telling): Markup {
  const { metric, instance, target, state, startedAt, dueAt, breachedAt, within, calendar, timeZone } = deadline;
  const { next, policy, countedUntil } = deadline;
  const hours = calendar === 'team' ? 'its team’s hours' : `the calendar ${calendar}`;
  const facts: Fact[] = [
    ['State', breachedAt === null ? state : `${state}, breached`],
    ['Target', policy === null ? target : html`${target}, of policy <code>${policy}</code>`],
    ['Within', within && `${within} of ${hours} (${timeZone})`],
    ['Started', at(startedAt)],
    ['Counted until', at(countedUntil)],
    ['Due', dueAt === null ? null : at(dueAt)],
    ['Breached', breachedAt === null ? null : at(breachedAt)],
    ['Next', next && html`${next.event}, ${at(next.at)}`],
  ];
  return html`<section class="deadline"><h3>${metric} ${instance}</h3>
${listOf(facts)}${arithmeticHtml(deadline, at)}</section>`;
}

/** What was counted and what was not, in order, and what that leaves. */
function arithmeticHtml({ counted, pauses, elapsedMs, remainingMs }: ExplainedDeadline, at: Telling): Markup {
  const lasting = counted.map(({ from, to }) => ({ from, to, what: lengthInWords(to - from) }));
  const resting = pauses.map(({ from, to }) => ({ from, to, what: 'paused' }));
  const rows = [...lasting, ...resting]
    .sort((a, b) => a.from - b.from)
    .map(({ from, to, what }) => {
      return html`<tr><th scope="row">${at(from)}</th><td>${to === null ? 'still' : at(to)}</td><td>${what}</td></tr>`;
    });
  const sums = sumsOf(elapsedMs, remainingMs).map(([name, ms]) => {
    return html`<tr><th scope="row" colspan="2">${name}</th><td>${lengthInWords(ms)}</td></tr>`;
  });
  const earlierMs = (elapsedMs ?? 0) - counted.reduce((sum, { from, to }) => sum + to - from, 0);
  const earlier = html`<tr><th scope="row" colspan="2">Earlier</th><td>${lengthInWords(earlierMs)}</td></tr>`;
  const body = [...(earlierMs > 0 ? [earlier] : []), ...rows];
  const unknown = html`<p>The policy that it is counted by is not kept any more.</p>`;
  if (body.length + sums.length === 0) return unknown;
  return html`<table class="sum"><caption>Open time</caption>
<thead><tr><th scope="col">From</th><th scope="col">To</th><th scope="col">Counted</th></tr></thead>
<tbody>${body}</tbody><tfoot>${sums}</tfoot></table>${elapsedMs === null ? unknown : ''}`;
}

function sumsOf(elapsedMs: number | null, remainingMs: number | null): [name: string, ms: number][] {
  if (elapsedMs === null) return [];
  if (remainingMs === null) return [['Counted', elapsedMs]];
  const left: [string, number] = remainingMs < 0 ? ['Over by', -remainingMs] : ['Left', remainingMs];
  return [['Counted', elapsedMs], ['Allowed', elapsedMs + remainingMs], left];
}

function entriesHtml(entries: ExplainedEntry[], at: Telling): Markup {
  const rows = entries.map(({ seq, at: instant, author, rule, inputs, policy, text }) => {
    const found = Object.entries(inputs ?? {}).map(([name, value]) => html`<br>${name}: ${String(value)}`);
    return html`<tr><th scope="row">${seq}</th><td>${at(instant)}</td><td>${author.name ?? author.id}</td>
<td>${sentenceHtml(text, at)}</td><td>${rule ?? ''}${found}</td><td><code>${policy}</code></td></tr>`;
  });
  const names = ['Entry', 'When', 'Who', 'What', 'By which rule, and what it found', 'Policy'];
  const head = names.map((name) => html`<th scope="col">${name}</th>`);
  return html`<section class="wide" aria-labelledby="entries" tabindex="0"><table class="log">
<thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></section>`;
}

/** With the instants that it names told like all others. */
function sentenceHtml(text: string, at: Telling): Markup[] {
  return text.split(INSTANT).map((part, index) => {
    const instant = index % 2 === 1 ? Date.parse(part) : Number.NaN;
    return Number.isNaN(instant) ? html`${part}` : at(instant);
  });
}

/** Those facts that there are. */
function listOf(facts: Fact[]): Markup {
  const said = facts.flatMap(([name, value]) =>
    value === null ? [] : [html`<div><dt>${name}</dt><dd>${value}</dd></div>`],
  );
  return html`<dl>${said}</dl>`;
}

function tellingIn(timeZone: string): Telling {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' },
    ...{ hour: '2-digit', minute: '2-digit', timeZone },
  });
  return (at) => html`<time datetime="${new Date(at).toISOString()}">${format.format(at)}</time>`;
}

/** As a person would say it, to the second: `3 h 20 min`. */
function lengthInWords(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const parts: [number, string][] = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ];
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`);
  return said.join(' ') || '0 min';
}

/** An explanation as a page: HTML that needs nothing else, to be read, printed or kept. */
import { escapeHtml } from '../email/html.ts';
import { instantInWords } from '../email/texts.ts';
import type { Thread } from '../thread/thread.ts';
import type { ExplainedDeadline, ExplainedEntry, Explanation } from './explain.ts';

export interface ExplainedThread {
  thread: Thread;
  explanation: Explanation;
  isWhole: boolean;
  /** Of the thread's team: instants are told in it. */
  timeZone: string;
}

/** What may be on the page: its own style. Nothing is fetched, and nothing runs. */
export const PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export function explanationPage({ thread, explanation, isWhole, timeZone }: ExplainedThread): string {
  const { id, subject, status, priority, team, assignee, tags } = thread;
  const at = (instant: number) => instantHtml(instant, timeZone);
  const facts: [string, string][] = [
    ['Status', status],
    ['Priority', priority],
    ['Team', team ?? 'none'],
    ['Owner', assignee ?? 'nobody'],
    ['Tags', tags.join(', ') || 'none'],
    ['Thread', id],
  ];
  const cut = isWhole ? '' : '<p>The log is long: its beginning is left out.</p>';
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>Why: ${escapeHtml(subject)}</title><style>${STYLE}</style></head><body><main>`,
    `<h1>${escapeHtml(subject) || 'Without a subject'}</h1>`,
    `<dl>${facts.map(([name, value]) => pair(name, escapeHtml(value))).join('')}</dl>`,
    '<h2>Deadlines</h2>',
    explanation.deadlines.map((deadline) => deadlineHtml(deadline, at)).join('') || '<p>None is measured.</p>',
    `<h2>What happened</h2>${cut}${entriesHtml(explanation.entries, at)}`,
    `<p class="soft">Instants are in ${escapeHtml(timeZone)}.</p></main></body></html>`,
  ].join('\n');
}

type InWords = (instant: number) => string;

function deadlineHtml(deadline: ExplainedDeadline, at: InWords): string {
  const { metric, instance, target, state, startedAt, dueAt, breachedAt, within, calendar, timeZone } = deadline;
  const { elapsedMs, remainingMs, counted, pauses, next, policy } = deadline;
  const stretches = (all: { from: number; to: number | null }[]) =>
    all.map(({ from, to }) => `<li>${at(from)} – ${to === null ? 'still' : at(to)}</li>`).join('');
  const rows: [string, string | null][] = [
    ['State', state],
    ['Target', `${escapeHtml(target)}${policy === null ? '' : `, policy <code>${policy}</code>`}`],
    ['Within', within && `${within} of ${calendar === 'team' ? 'its team’s hours' : escapeHtml(calendar ?? '')}`],
    ['Started', at(startedAt)],
    ['Due', dueAt === null ? null : at(dueAt)],
    ['Breached', breachedAt === null ? null : at(breachedAt)],
    ['Counted', elapsedMs === null ? null : lengthInWords(elapsedMs)],
    ['Open time', counted.length === 0 ? null : `<ul>${stretches(counted)}</ul>`],
    ['Paused', pauses.length === 0 ? null : `<ul>${stretches(pauses)}</ul>`],
    [
      remainingMs !== null && remainingMs < 0 ? 'Over by' : 'Left',
      remainingMs === null ? null : lengthInWords(Math.abs(remainingMs)),
    ],
    ['Next', next && `${next.event}, ${at(next.at)}`],
    ['Zone', timeZone && escapeHtml(timeZone)],
  ];
  const said = rows.flatMap(([name, value]) => (value === null ? [] : [pair(name, value)]));
  return `<section><h3>${metric} ${instance}</h3><dl>${said.join('')}</dl></section>`;
}

function entriesHtml(entries: ExplainedEntry[], at: InWords): string {
  const rows = entries.map(({ seq, at: instant, author, rule, inputs, policy, text }) => {
    const found = Object.entries(inputs ?? {}).map(([name, value]) => `${name}: ${value}`);
    const why = [rule, ...found].filter((part) => part !== null).map((part) => escapeHtml(part));
    const who = escapeHtml(author.name ?? author.id);
    return (
      `<tr><th scope="row">${seq}</th><td>${at(instant)}</td><td>${who}</td><td>${escapeHtml(text)}</td>` +
      `<td>${why.join('<br>')}</td><td><code>${escapeHtml(policy)}</code></td></tr>`
    );
  });
  const names = ['Entry', 'When', 'Who', 'What', 'By which rule, and what it found', 'Policy'];
  const head = names.map((name) => `<th scope="col">${name}</th>`).join('');
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div>`;
}

function pair(name: string, html: string): string {
  return `<div><dt>${name}</dt><dd>${html}</dd></div>`;
}

function instantHtml(at: number, timeZone: string): string {
  const words = instantInWords(at, { language: 'en', timeZone, isOwnZone: true });
  return `<time datetime="${new Date(at).toISOString()}">${escapeHtml(words)}</time>`;
}

/** As a person would say it: `3 h 20 min`. */
function lengthInWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  return hours === 0 ? `${minutes} min` : `${hours} h ${minutes % 60} min`;
}

const STYLE = `
:root{color-scheme:light dark;--ink:#1c2733;--soft:#526070;--line:#d5dce4;--paper:#fff;--tint:#f4f7f9}
@media(prefers-color-scheme:dark){:root{--ink:#e6ebf0;--soft:#a3b0bd;--line:#2c3742;--paper:#151b21;--tint:#1b232b}}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:70rem;margin:0 auto;padding:1.5rem 1.25rem}
h1{font-size:1.6rem;margin:0 0 1rem;overflow-wrap:anywhere}
h2{margin:2rem 0 .75rem}h3{margin:0 0 .5rem;font-size:1.05rem}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(16rem,1fr));gap:.5rem 1.5rem;margin:0}
dt{color:var(--soft);font-size:.85rem}dd{margin:0;overflow-wrap:anywhere}ul{margin:0;padding-left:1.1rem}
section{border:1px solid var(--line);border-radius:8px;padding:1rem 1.25rem;margin:0 0 1rem;background:var(--tint)}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;vertical-align:top;padding:.45rem .75rem .45rem 0;border-bottom:1px solid var(--line)}
th{font-weight:600}td:nth-child(2){white-space:nowrap}.soft{color:var(--soft)}code{font-size:.85em}
@media(max-width:44rem){thead{position:absolute;left:-200vw}
tr{display:block;padding:.6rem 0;border-bottom:1px solid var(--line)}
th,td{display:block;border:0;padding:0}td:nth-child(4){font-weight:600}td:nth-child(2){white-space:normal}}
@media print{section{break-inside:avoid}}`;

/**
 * What the worst mails cost to read: `node bench/written.ts` prints CPU milliseconds for inputs of 250, 500 and
 * 1,000 KB and ends with 1 where one takes over 100 ms, or where twice an input takes more than 2.5 times as long.
 */
import { parseForward } from '../core/email/written/forward.ts';
import { parseReplyHtml } from '../core/email/written/html-reply.ts';
import { parseReply } from '../core/email/written/reply.ts';
import { printTable } from './table.ts';

const SIZES = [250_000, 500_000, 1_000_000];
const CPU_MS_MAX = 100;
const DOUBLED_MAX = 2.5;
/** Below it a ratio says more of the machine than of the code. */
const CPU_MS_MEASURABLE = 5;
const ROUNDS = 7;

const LINES = [
  ...['>', '> \n', ' ', '\t', '\n', '\r\n', ':\n', '1:\n', '@:\n', '"a" <', '1.1.', '年1月1日', '写道：', '*', '|a\n'],
  ...['On ', 'On \n', 'On 1\n', 'wrote:\n', 'On 3 May 2022 10:04 a@b.c\n', 'On 1 a@b.c, wrote ', 'a@', '<a@b.c> '],
  ...[
    'From: \n',
    'From: a@b.c\n',
    'From: a@b.c\n\n',
    'From: a@b.c\nSubject: x\n',
    'To: a,\n',
    'a:',
    '_____\nFrom: a@b.c\n',
  ],
  ...[
    '-',
    '-----\n',
    '----- x\n',
    '----- x -----\n',
    '----- Forwarded message\n',
    '# ',
    '\u2010\u2010 x\n',
    '> a\nb\n',
  ],
  ...['-- \n', 'Regards,\nA\n', 'Sent from my iPhone\n', 'This message is confidential. ', '- a\n', '> a\n\nb\n\n'],
];
const TAGS = [
  ...[
    '<div>',
    '<div>a',
    '</div>',
    '<b></i>',
    '<p>a',
    '<br>',
    '<hr>',
    '&amp;',
    '&',
    '<',
    '<a ',
    '<a b="',
    '<!--',
    '<pre>\n',
  ],
  ...[
    '<blockquote>',
    '<blockquote type=cite>a',
    '<blockquote>a</blockquote>b',
    '<blockquote>On 1.1.2022 10:04 a@b.c wrote:<br>',
  ],
  ...[
    '<div class=gmail_quote>a',
    '<div class="',
    '<span class="gmail_signature">a',
    '<table><tr><td>',
    '<style>',
    '<svg><title>',
  ],
  ...['<div style="border-top:solid #B5C4DF 1.0pt">From: a@b.c<br>', 'On 1.1.2022 10:04 a@b.c wrote:<br>', 'a b '],
];

const filled = (unit: string, chars: number): string => unit.repeat(Math.ceil(chars / unit.length));
const READERS: [name: string, units: string[], read: (text: string) => unknown][] = [
  ['reply', LINES, (text) => parseReply(text, { signature: 'strip' })],
  ['reply below words', LINES, (text) => parseReply(`Hello\n${text}\nbye`, { signature: 'strip', sender: 'Ann Lee' })],
  ['forward', LINES, (text) => parseForward(text, 'FW: x')],
  ['headers of a forward', LINES, (text) => parseForward(`--- Forwarded message ---\nFrom: ${text}`)],
  ['html', TAGS, (html) => parseReplyHtml(html, { signature: 'strip' })],
  ['html below words', TAGS, (html) => parseReplyHtml(`<p>Hello</p>${html}bye`, { signature: 'strip' })],
  ['lines in html', LINES, (text) => parseReplyHtml(`<pre>${text.replaceAll('<', '&lt;')}`, { signature: 'strip' })],
];

function cpuMs(work: () => unknown): number {
  const times = Array.from({ length: ROUNDS }, () => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  });
  return Math.min(...times);
}

let isBad = false;
const rows = READERS.map(([name, units, read]) => {
  const measured = units.map((unit) => {
    const ms = SIZES.map((chars) => cpuMs(() => read(filled(unit, chars))));
    const ratios = ms.slice(1).map((later, at) => later / Math.max(ms[at] ?? 0, CPU_MS_MEASURABLE));
    return { unit, ms, most: Math.max(...ms), ratio: Math.max(...ratios) };
  });
  const slowest = measured.reduce((a, b) => (b.most > a.most ? b : a));
  const steepest = Math.max(...measured.map(({ ratio }) => ratio));
  isBad ||= slowest.most > CPU_MS_MAX || steepest > DOUBLED_MAX;
  return {
    reader: name,
    'slowest on': JSON.stringify(slowest.unit),
    'CPU ms at 250, 500, 1,000 KB': slowest.ms.map((ms) => ms.toFixed(1)).join(', '),
    'for twice as much, at most': `${steepest.toFixed(2)} times`,
  };
});
printTable(rows);
process.exitCode = isBad ? 1 : 0;

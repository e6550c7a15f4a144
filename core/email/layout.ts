/**
 * The one frame of all mails: text and HTML made of the same blocks, so that neither says what the other does not.
 *
 * The HTML is for the least that programs understand: Outlook on Windows draws with Word, which knows tables and the
 * padding of cells but no widths of anything else; Gmail drops a style sheet it does not like. So what has to be there
 * is inline, one table is the sheet, and the style sheet only adds what may be missing: dark colours. Nothing is
 * fetched from anywhere.
 */
import { beginningOf } from '../beginning.ts';
import { directionOf } from '../policy/languages.ts';
import type { ReadableBody } from '../thread/whole-body.ts';
import { inkOn, readableOn } from './colours.ts';
import { escapeHtml, harmlessHtml } from './html.ts';
import type { Voice } from './voice.ts';

export type Block =
  /** What the mail is, and what a part of it is: headings. A mail program shows the subject instead of the first. */
  | { is: 'title' | 'section'; text: string }
  /** The product's own words. */
  | { is: 'words'; text: string; isStrong?: boolean }
  /** What a person wrote; their direction is their own. */
  | { is: 'written'; body: ReadableBody }
  | { is: 'quote'; text: string }
  | { is: 'facts'; rows: [label: string, value: string][] }
  | { is: 'link'; label: string; url: string }
  /** Who writes. In text, it ends the mail (RFC 3676 §4.3). */
  | { is: 'signed'; by: string };

export interface Letterhead {
  subject: string;
  /** What a list of mails shows beside the subject. */
  preview: string;
  /** Under it all; none in mails to colleagues. */
  footer: string | null;
}

const PREVIEW_CHARS_MAX = 140;

export function textOf(blocks: Block[], { footer }: Letterhead): string {
  const parts = blocks.flatMap(textOfBlock);
  const signed = blocks.flatMap((block) => (block.is === 'signed' ? [block.by] : []));
  const last = [...signed, ...(footer === null ? [] : [footer])];
  return [...parts, ...(last.length === 0 ? [] : [`-- \n${last.join('\n')}`])].join('\n\n');
}

function textOfBlock(block: Block): string[] {
  switch (block.is) {
    case 'title':
    case 'signed':
      return [];
    case 'section':
    case 'words':
      return [block.text];
    case 'written':
      return [evenLines(block.body.text)];
    case 'quote':
      return [evenLines(block.text).replace(/^/gm, '> ')];
    case 'facts':
      return [block.rows.map(([label, value]) => `${label}: ${value}`).join('\n')];
    case 'link':
      return [`${block.label}: ${block.url}`];
  }
}

/** Grounds and inks, by day and by night: each pair is read with a contrast of 4.5 or more. */
const LIGHT = { paper: '#ffffff', ink: '#1c2733', soft: '#526070', line: '#d5dce4' };
const DARK = { paper: '#151b21', ink: '#e6ebf0', soft: '#a3b0bd', line: '#3a4753' };
const FONT = "font-family:'Segoe UI',Roboto,Helvetica,Tahoma,Arial,sans-serif";
const WHOLE = 'overflow-wrap:normal;word-break:normal;word-wrap:normal';
const WRAP = 'overflow-wrap:anywhere;word-break:break-word;word-wrap:break-word';

export function htmlOf(blocks: Block[], { subject, preview, footer }: Letterhead, voice: Voice): string {
  const direction = directionOf(voice.language);
  const side = direction === 'rtl' ? 'right' : 'left';
  const cell = (style: string, kind: string, inner: string) =>
    `<tr><td class="${kind}" style="${style};text-align:${side};${FONT};${WRAP}">${inner}</td></tr>`;
  const band = `padding:14px 20px;background-color:${voice.accent};color:${inkOn(voice.accent)};font-size:16px`;
  const body = `padding:20px;background-color:${LIGHT.paper};color:${LIGHT.ink};font-size:16px;line-height:1.5`;
  const foot = `padding:0 20px 24px;background-color:${LIGHT.paper};color:${LIGHT.soft};font-size:14px;line-height:1.5`;
  return [
    `<!doctype html>\n<html lang="${voice.language}" dir="${direction}">\n<head>\n<meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="color-scheme" content="light dark">\n<meta name="supported-color-schemes" content="light dark">',
    `<title>${escapeHtml(subject)}</title>\n<style>${styleOf(voice.accent)}</style>\n</head>`,
    `<body class="paper" style="margin:0;padding:0;background-color:${LIGHT.paper}">`,
    `<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${escapeHtml(previewOf(preview))}</div>`,
    '<!--[if mso]><table role="presentation" width="600" align="center"><tr><td><![endif]-->',
    `<table role="presentation" lang="${voice.language}" dir="${direction}" style="${SHEET}">`,
    cell(band, 'band', `<strong>${escapeHtml(voice.name)}</strong>`),
    cell(body, 'paper', blocks.map((block) => htmlOfBlock(block, side, voice)).join('\n')),
    ...(footer === null ? [] : [cell(foot, 'paper soft', linesOf(footer))]),
    '</table>\n<!--[if mso]></td></tr></table><![endif]-->\n</body>\n</html>',
  ].join('\n');
}

const SHEET = 'width:100%;max-width:600px;margin:0 auto;border-collapse:collapse;table-layout:fixed';
const FACTS = 'margin:20px 0 0;border-collapse:collapse;font-size:14px';
const QUOTE = `margin:0 0 16px;padding:0 12px;color:${LIGHT.soft}`;

function htmlOfBlock(block: Block, side: 'left' | 'right', { accent }: Voice): string {
  switch (block.is) {
    case 'title':
      return `<h1 style="margin:0 0 16px;font-size:22px;line-height:1.25" dir="auto">${escapeHtml(block.text)}</h1>`;
    case 'section':
      return `<h2 style="margin:24px 0 12px;font-size:16px;line-height:1.25">${escapeHtml(block.text)}</h2>`;
    case 'words':
      return paragraph(block.isStrong === true ? `<strong>${linesOf(block.text)}</strong>` : linesOf(block.text));
    case 'signed':
      return paragraph(escapeHtml(block.by));
    case 'written': {
      const { text, html } = block.body;
      const inner = html === null ? paragraphs(text) : harmlessHtml(evenLines(html));
      return `<div class="written" dir="auto">${inner}</div>`;
    }
    case 'quote':
      return (
        `<blockquote class="soft quote" dir="auto" style="${QUOTE};border-${side}:3px solid ${LIGHT.line}">` +
        `${paragraphs(block.text)}</blockquote>`
      );
    case 'facts':
      return `<table style="${FACTS}">${rowsOf(block.rows, side)}</table>`;
    case 'link': {
      const style = `padding:10px 18px;background-color:${accent};color:${inkOn(accent)};text-decoration:none`;
      const label = `<strong>${escapeHtml(block.label)}</strong>`;
      return paragraph(
        `<a class="band" href="${escapeHtml(block.url)}" style="display:inline-block;${style}">${label}</a>`,
      );
    }
  }
}

function rowsOf(rows: [label: string, value: string][], side: 'left' | 'right'): string {
  const far = side === 'left' ? 'right' : 'left';
  const label = `padding:2px 0;padding-${far}:16px;text-align:${side};vertical-align:top;color:${LIGHT.soft};${WHOLE}`;
  const value = `padding:2px 0;text-align:${side};vertical-align:top`;
  return rows
    .map(
      ([name, what]) =>
        `<tr><th scope="row" class="soft" style="${label};font-weight:normal">${escapeHtml(name)}</th>` +
        `<td style="${value};${WRAP}"><span dir="auto">${escapeHtml(what)}</span></td></tr>`,
    )
    .join('');
}

function paragraph(inner: string): string {
  return `<p style="margin:0 0 16px">${inner}</p>`;
}

/** An empty line starts a new one. */
function paragraphs(text: string): string {
  return evenLines(text)
    .split(/\n{2,}/)
    .map((lines) => paragraph(linesOf(lines)))
    .join('\n');
}

/** Forms of web pages end lines by CR LF, and a CR alone, or what Unicode has for it, ends one for whoever shows it. */
function evenLines(text: string): string {
  return text.replace(/\r\n?|[\u2028\u2029]/g, '\n');
}

function linesOf(text: string): string {
  return escapeHtml(text).replaceAll('\n', '<br>');
}

/** On one line, and no longer than a list shows. */
function previewOf(preview: string): string {
  const line = preview.replace(/\s+/g, ' ').trim();
  return line.length > PREVIEW_CHARS_MAX ? `${beginningOf(line, PREVIEW_CHARS_MAX)}…` : line;
}

function styleOf(accent: string): string {
  const { paper, ink, soft, line } = DARK;
  return [
    ':root{color-scheme:light dark;supported-color-schemes:light dark}',
    '.written>:first-child{margin-top:0}.quote>:last-child{margin-bottom:0!important}',
    `a{color:${readableOn(accent, LIGHT.paper)}}`,
    `@media (prefers-color-scheme:dark){.paper{background-color:${paper}!important;color:${ink}!important}`,
    `.soft{color:${soft}!important}.quote{border-color:${line}!important}`,
    `a:not(.band){color:${readableOn(accent, paper)}!important}}`,
  ].join('');
}

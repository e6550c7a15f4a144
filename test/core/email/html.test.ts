import { expect, it } from 'vitest';
import { harmlessHtml, textOfHtml } from '../../../core/email/html.ts';

it('HTML that opens elements without end is its words', () => {
  expect(harmlessHtml(`${'<x>'.repeat(100_000)}a &amp; <b>b</b>`).trim()).toBe('a &amp;  b');
});

it('cells of a table are words apart, and its rows lines', () => {
  const cells = (...row: string[]) => `<tr>${row.map((cell) => `<td>${cell}</td>`).join('\n')}</tr>`;
  const table = `<table><tr><th>Qty</th><th>Item</th></tr>${cells('1', 'Lamp')}${cells('2', '<b>Bulb</b>')}</table>`;
  expect(textOfHtml(`<p>Hi</p>${table}<p>Bye</p>`)).toBe('Hi\n\nQty Item\n1 Lamp\n2 Bulb\n\nBye');
  expect(textOfHtml(`<table>${cells(`<p>Hi</p>${table}`, 'x')}</table>`)).toBe('Hi\n\nQty Item\n1 Lamp\n2 Bulb\n\nx');
});

it('HTML as deep as mails are keeps its words', () => {
  expect(harmlessHtml(`${'<div>'.repeat(900)}a${'</div>'.repeat(900)}`).replace(/<\/?div>/g, '')).toBe('a');
});

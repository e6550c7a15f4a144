import { expect, it } from 'vitest';
import { harmlessHtml } from '../../../core/email/html.ts';

it('HTML that opens elements without end is its words', () => {
  expect(harmlessHtml(`${'<x>'.repeat(100_000)}a &amp; <b>b</b>`).trim()).toBe('a &amp;  b');
});

it('HTML as deep as mails are keeps its words', () => {
  expect(harmlessHtml(`${'<div>'.repeat(900)}a${'</div>'.repeat(900)}`).replace(/<\/?div>/g, '')).toBe('a');
});

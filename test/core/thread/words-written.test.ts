import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wordsWritten } from '../../../core/thread/words-written.ts';

const shown = (html: string) => wordsWritten({ text: null, html }).split(/\s+/).filter(Boolean).join(' ');

describe('the words of a message', () => {
  it('are its text where there is one', () => {
    expect(wordsWritten({ text: 'a <b> &amp; c', html: '<p>d</p>' })).toBe('a <b> &amp; c');
    expect(wordsWritten({ text: null, html: null })).toBe('');
  });

  it.each([
    ['<p>One</p><p>two<br>three</p>', 'One two three'],
    ['<table><tr><td>a</td><td>b</td></tr></table>', 'a b'],
    ['re<b>fu</b>nd, re<SPAN style="x">f</SPAN>und', 'refund, refund'],
    ['<body>a<button>b</button></body>', 'a b'],
    ['<style>p{}</style>a<SCRIPT>b < c</script >d<title>e</title>', 'a d'],
    ['a<!-- b --><p>c<!-- <p>d</p> -->e', 'a ce'],
    ['<!-- never closed <p>a</p>', ''],
    ['a<style>never closed <p>b</p>', 'a'],
    ['3 < 4 and 5 > 4', '3 < 4 and 5 > 4'],
    ['a<p never closed', 'a'],
    ['<!DOCTYPE html><?xml?>a', 'a'],
    ['R&uuml;ckgabe &Eacute;t&eacute; &ccedil;a &szlig; &oslash; &scaron;', 'Rückgabe Été ça ß ø š'],
    ['&#252;&#xFC;&#XFC; a&nbsp;b &lt;c&gt; &amp;lt;', 'üüü a b <c> &lt;'],
    ['&nothing; &#0; &#x110000; &#xD800; & &;', '&nothing; &#0; &#x110000; � & &;'],
  ])('%j shows %j', (html, words) => {
    expect(shown(html)).toBe(words);
  });

  it('are never lost for what stands around them, if that is closed (law)', () => {
    const around = fc.constantFrom(
      '<p>',
      '</p>',
      '<b>',
      '</b>',
      '<br/>',
      '<!-- x -->',
      '<style>x</style>',
      '&amp;',
      '<a href="y">',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(around, fc.constantFrom('one', 'two', ' ')), { maxLength: 12 }), (parts) => {
        const html = parts.map((pair) => pair.join('')).join('');
        const letters = (text: string) => text.replace(/[\s&]/g, '');
        expect(letters(shown(html))).toBe(letters(parts.map(([, word]) => word).join('')));
      }),
    );
  });
});

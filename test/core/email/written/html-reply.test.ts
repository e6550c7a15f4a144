import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseReplyHtml } from '../../../../core/email/written/html-reply.ts';
import programs from './html-replies.json' with { type: 'json' };

const WROTE =
  'On Tue, May 3, 2022 at 10:04 AM Ann Lee &lt;<a href="mailto:ann@shop.example">ann@shop.example</a>&gt; wrote:';
const UNKNOWN = 'Ann Lee &lt;ann@shop.example&gt; scribebat a.d. V Non. Mai. 2022:';
const HEADERS = [
  '<b>From:</b> Ann &lt;ann@shop.example&gt;',
  '<b>Sent:</b> Tuesday, 3 May 2022 10:04',
  '<b>To:</b> Bo',
  '<b>Subject:</b> Which?',
];

/** Replies as programs write them: the answer is where ANSWER is, the quotation asks "Which?". */
const PROGRAMS = Object.entries(programs).map(([program, html]) => [
  program,
  html.replace('{WROTE}', WROTE).replaceAll('{UNKNOWN}', UNKNOWN).replace('{HEADERS}', HEADERS.join('<br>')),
]);

const words = (html: string): string =>
  html
    .replace(/<style>.*?<\/style>|<[^>]*>/g, ' ')
    .replace(/&nbsp;/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

describe('a reply in HTML', () => {
  it.each(PROGRAMS)('of %s', (_, html = '') => {
    const read = parseReplyHtml(html.replace('ANSWER', 'Blue, <b>please</b>.'), { signature: 'strip' });
    expect(read.text).toBe('Blue, please.');
    expect(words(read.html)).toBe('Blue, please .');
    expect(read.html).toContain('Blue, <b>please</b>.');
    expect(read.hidden.map((one) => one.html).join('')).toContain('Which?');
  });

  it('keeps answers between quotations, with those they answer', () => {
    const quote = (text: string): string => `<blockquote class="gmail_quote">${text}</blockquote>`;
    const answered = `${quote('Which?')}<div>Blue.</div>${quote('How many?')}<div>Two.</div>${quote('Ann')}`;
    const html = `<div class="gmail_quote">${WROTE}<br>${answered}</div>`;
    expect(parseReplyHtml(html).text).toBe('Which?\n\nBlue.\n\nHow many?\n\nTwo.');
    expect(words(parseReplyHtml(html).html)).toBe('Which? Blue. How many? Two.');
  });

  it('keeps an answer below its quotation, without it', () => {
    const html = `<div class="moz-cite-prefix">${UNKNOWN}</div><blockquote type="cite">Which?</blockquote><p>Blue.</p>`;
    expect(parseReplyHtml(html).text).toBe('Blue.');
  });

  it('keeps what the writer quotes from elsewhere', () => {
    const html = '<p>The manual says:</p><blockquote>Use blue.</blockquote>';
    expect(parseReplyHtml(html)).toMatchObject({ html, hidden: [] });
    const indented = '<div>Use:</div><blockquote class="gmail_quote" style="border:none">blue.</blockquote>';
    expect(parseReplyHtml(indented)).toMatchObject({ html: indented, hidden: [] });
  });

  it('keeps an image that is the answer', () => {
    const image = '<div><img src="cid:a"></div>';
    const quotation = `<div class="moz-cite-prefix">${UNKNOWN}</div><blockquote type="cite">Which?</blockquote>`;
    expect(parseReplyHtml(image + quotation)).toMatchObject({ html: image, text: '' });
  });

  it('keeps a forwarded mail below somebody’s words', () => {
    const headers = 'From: Ann &lt;ann@shop.example&gt;<br>Date: Tue, May 3, 2022<br>Subject: Which?<br>To: Bo<br>';
    const forward = `<div class="gmail_attr">---------- Forwarded message ---------<br>${headers}</div><p>Which?</p>`;
    const html = `<div>Look.</div><div class="gmail_quote">${forward}</div>`;
    expect(parseReplyHtml(html).html).toBe(html);
  });

  it('shows a mail that is only a quotation', () => {
    expect(parseReplyHtml('<blockquote type="cite">Which?</blockquote>').text).toBe('Which?');
    expect(parseReplyHtml('').html).toBe('');
  });

  it('reads entities and preformatted lines', () => {
    expect(parseReplyHtml('<p>1 &lt; 2 &amp;&amp; caf&eacute; &#128512;</p>').text).toBe('1 < 2 && café 😀');
    expect(parseReplyHtml('<pre>Blue.\n\nOn 3 May 2022, 10:04, Ann Lee wrote:\n&gt; Which?\n</pre>')).toMatchObject({
      text: 'Blue.',
      html: '<pre>Blue.</pre>',
    });
  });
});

describe('of every HTML', () => {
  const part = fc.oneof(
    fc.string({ maxLength: 20 }),
    fc.constantFrom(
      ...[
        '<div>',
        '</div>',
        '<p>',
        '</p>',
        '<br>',
        '<blockquote type="cite">',
        '<blockquote>',
        '</blockquote>',
        '<b>',
        '</b>',
      ],
      ...[
        '<td>',
        '</table>',
        `<div>${WROTE}</div>`,
        'Blue.',
        '&gt; Which?',
        '<!-- x -->',
        '<style>p{}</style>',
        '<img src=x>',
      ],
    ),
  );
  const html = fc.array(part, { maxLength: 30 }).map((parts) => parts.join(''));

  it('what is shown is the source without what is hidden', () => {
    fc.assert(
      fc.property(html, (input) => {
        const { html: shown } = parseReplyHtml(input, { signature: 'strip' });
        let at = 0;
        for (const char of shown) at = input.indexOf(char, at) + 1 || Number.POSITIVE_INFINITY;
        expect(at).toBeLessThan(Number.POSITIVE_INFINITY);
      }),
    );
  });

  it('nothing is lost where nothing is quoted', () => {
    const plain = fc.array(
      fc.constantFrom('<div>', '</div>', '<p>', '</p>', '<br>', 'Blue. ', '<b>red</b>', '<ul><li>x</ul>'),
    );
    fc.assert(
      fc.property(plain, (parts) => {
        expect(parseReplyHtml(parts.join('')).html).toBe(parts.join(''));
      }),
    );
  });

  it('nesting is bounded by nothing but length', () => {
    const deep = `<p>Blue.</p>${'<div>'.repeat(100_000)}deep${'</div>'.repeat(100_000)}`;
    expect(parseReplyHtml(deep).html).toBe(deep);
    expect(parseReplyHtml('<blockquote>'.repeat(100_000)).hidden).toEqual([]);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Display, displayHtml } from '../../../core/email/display.ts';
import { raw, read } from './received/raw-mail.ts';
import { seedMails } from './seed-mails.ts';
import { unexpectedIn } from './shown-html.ts';

const display: Display = { ownImages: new Map([['pic@x', '/v1/files/1']]), remoteImages: false };
const shown = (html: string, changes: Partial<Display> = {}) => displayHtml(html, { ...display, ...changes }).html;

describe('HTML of a mail, to be shown', () => {
  it.each([
    ['script', 'a<script>alert(1)</script>b', 'ab'],
    [
      'style',
      '<style>p{}</style><p style="color:red;position:fixed;background:url(x)">a</p>',
      '<p style="color:red">a</p>',
    ],
    ['handlers', '<p onclick="x()" id="a" class="b">a</p>', '<p>a</p>'],
    ['form', '<form action="https://x.example"><input name="a"><button>Go</button></form>', 'Go'],
    ['svg', 'a<svg><circle r="1"/><text>t</text></svg>b', 'ab'],
    ['iframe', 'a<iframe src="https://x.example">t</iframe>b', 'ab'],
    ['base and meta', '<base href="https://x.example"><meta http-equiv="refresh" content="0">a', 'a'],
    ['title', '<head><title>t</title></head><body>a</body>', 'a'],
    ['scheme', '<a href="javascript:x()">a</a>', '<a rel="noopener noreferrer nofollow" target="_blank">a</a>'],
    ['relative link', '<a href="/v1/me">a</a>', '<a rel="noopener noreferrer nofollow" target="_blank">a</a>'],
    ['own path', '<img src="/v1/logout">', '<img />'],
    ['comments', 'a<!-- <b> -->b', 'ab'],
  ])('%s', (_, html, safe) => {
    expect(shown(html)).toBe(safe);
  });

  it('links lead out without telling whence', () => {
    expect(shown('<a href="https://x.example/" target="_top">a</a>')).toBe(
      '<a href="https://x.example/" rel="noopener noreferrer nofollow" target="_blank">a</a>',
    );
  });

  it('images of the mail are in place', () => {
    expect(shown('<img src="cid:pic@x" alt="it">')).toBe('<img alt="it" src="/v1/files/1" />');
    expect(shown('<img src="cid:pic%40x">')).toBe('<img src="/v1/files/1" />');
    expect(shown('<img src="cid:other" alt="it">')).toBe('<img alt="it" />');
    expect(shown('<img src="data:image/png;base64,AAAA">')).toBe('<img src="data:image/png;base64,AAAA" />');
    expect(shown('<img src="data:image/svg+xml;base64,AAAA">')).toBe('<img />');
  });

  it('remote images are left out and counted, until somebody wants them', () => {
    const html = '<img src="https://t.example/open.gif" width="1" /><img src="//t.example/a.gif" />';
    expect(displayHtml(html, display)).toEqual({
      html: '<img width="1" data-remote-src="https://t.example/open.gif" /><img />',
      remoteImagesLeft: 1,
    });
    expect(shown('<img data-remote-src="https://t.example/open.gif">', { remoteImages: true })).toBe(
      '<img src="https://t.example/open.gif" />',
    );
    expect(shown('<img data-remote-src="javascript:x()">')).toBe('<img />');
  });

  it.each([
    ['color: RED !important; color: rgb(1, 2, 3)', 'color:RED;color:rgb(1, 2, 3)'],
    ["font-family: 'Arial', sans-serif; font-size: 12px", "font-family:'Arial', sans-serif;font-size:12px"],
    ['margin: -5px; margin: 0 auto; padding: 1px 2px', 'margin:0 auto;padding:1px 2px'],
    ['width: expression(alert(1)); width: calc(1px); width: 50%', 'width:50%'],
    ['background-color: url(https://x.example); background: red; --a: b', ''],
    ['color: r\\65 d; color: /**/red; color: var(--x)', ''],
    ['display:none; position:absolute; z-index:9; float:left; opacity:0', ''],
  ])('style %s', (style, kept) => {
    expect(shown(`<p style="${style}">a</p>`)).toBe(kept === '' ? '<p>a</p>' : `<p style="${kept}">a</p>`);
  });

  it('opened without end, it is its words', () => {
    expect(shown(`${'<div>'.repeat(5_000)}a &amp; b <b>c</b>`).replace(/\s+/g, ' ')).toBe(' a &amp; b c ');
  });

  it('of a hostile mail has nothing that a browser would act on', () => {
    const html = shown(read(seedMails['hostile'] ?? raw()).html ?? '');
    expect(unexpectedIn(html)).toEqual([]);
    expect(html).toContain('Hi');
  });

  it('is its own fixed point, and a browser reads nothing else in it', () => {
    const token = fc.constantFrom(
      ...[
        '<p>',
        '</p>',
        '<div style="color:red">',
        '</div>',
        '<a href="https://x.example">',
        '</a>',
        '<img src=cid:pic@x>',
        '<table>',
        '<td>',
        '</table>',
      ],
      ...[
        '<svg>',
        '</svg>',
        '<math>',
        '<mtext>',
        '<style>',
        '</style>',
        '<script>',
        '</script>',
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        '<title>',
        '</title>',
      ],
      ...[
        '<noscript>',
        '</noscript>',
        '<xmp>',
        '<plaintext>',
        '<textarea>',
        '</textarea>',
        '<select>',
        '<template>',
        '<form>',
        '<li>',
        '<ul>',
        '<br>',
        '<hr/>',
      ],
      ...[
        '"',
        "'",
        '<',
        '>',
        '&',
        '&lt;',
        '&#x3c;',
        '&amp;lt;',
        '=',
        ' ',
        '/',
        'a',
        'onerror=x',
        'style="',
        '<b ',
        '<font color="',
        '\0',
        '\u2028',
      ],
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 40 }), (tokens) => {
        const once = shown(tokens.join(''));
        expect(shown(once)).toBe(once);
        expect(unexpectedIn(once)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });
});

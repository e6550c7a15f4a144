/** What the page has to be, whatever state it is in: valid, readable, without script, and nothing fetched. */
import { createHash } from 'node:crypto';
import { HtmlValidate } from 'html-validate';
import { describe, expect, it } from 'vitest';
import { contrastOf } from '../../../core/email/colours.ts';
import { voiceIn } from '../../../core/email/voice.ts';
import { directionOf, LANGUAGES } from '../../../core/policy/languages.ts';
import { ratingPage } from '../../../core/rating/page.ts';
import { samplePages } from '../../../local/sample-pages.ts';
import { aPolicy } from '../../builders.ts';

const policy = aPolicy({
  languages: [...LANGUAGES],
  brand: { name: 'Ümlaut & Söhne <GmbH>', accent: '#ffd500' },
});
const pages = LANGUAGES.flatMap((language) =>
  samplePages(policy, language).map((page) => ({ ...page, language, of: `${page.name} (${language})` })),
);
const validator = new HtmlValidate({
  extends: ['html-validate:standard', 'html-validate:a11y'],
  rules: { 'no-implicit-button-type': 'off' },
});

describe.each(pages)('$of', ({ html, policy: allowed, language }) => {
  it('is valid HTML, and accessible as far as a machine can tell', async () => {
    const { results } = await validator.validateString(html);
    expect(results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`))).toEqual(
      [],
    );
  });

  it('says its language and direction, and fetches and runs nothing', () => {
    expect(html).toContain(`<html lang="${language}" dir="${directionOf(language)}">`);
    expect(html).not.toMatch(/<(img|link|script|iframe|object)\b|url\(|@import|src=|\son\w+=|style="/i);
    const style = /<style>([^<]*)<\/style>/.exec(html)?.[1] ?? '';
    expect(allowed).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(allowed).toContain("default-src 'none'");
  });
});

describe('the page', () => {
  it.each(['#ffd500', '#0b6e6e', '#000000', '#ffffff'])(
    'is read with enough contrast where the accent is %s',
    (accent) => {
      const { html } = ratingPage(ASKED, { ...voiceIn('en', policy), accent });
      const [day = '', night = ''] = html.split('@media(prefers-color-scheme:dark)');
      const colourIn = (style: string, name: string) => new RegExp(`--${name}:(#\\w{6})`).exec(style)?.[1] ?? '';
      for (const style of [day, night]) {
        for (const ground of ['paper', 'tint']) {
          for (const ink of ['ink', 'soft', 'accent']) {
            const contrast = contrastOf(colourIn(style, ink), colourIn(style, ground));
            // The accent is a line beside words, and round what is chosen (WCAG 2.2 §1.4.11).
            expect(contrast, `${ink} on ${ground}`).toBeGreaterThanOrEqual(ink === 'accent' ? 3 : 4.5);
          }
        }
        expect(contrastOf(colourIn(style, 'line'), colourIn(style, 'paper'))).toBeGreaterThanOrEqual(3);
      }
      expect(contrastOf(colourIn(day, 'band'), colourIn(day, 'on-band'))).toBeGreaterThanOrEqual(4.5);
    },
  );

  it('escapes what somebody wrote', () => {
    const rating = { score: 1 as const, comment: '</textarea><script>1</script>', at: 0 };
    const { html } = ratingPage({ ...ASKED, subject: '<b>bold</b>', rating }, voiceIn('en', policy));
    expect(html).toContain('&lt;b&gt;bold&lt;/b&gt;');
    expect(html).toContain('&lt;/textarea&gt;&lt;script&gt;');
  });

  it('has what was said before chosen, and only that', () => {
    const rating = { score: 2 as const, comment: 'Slow.', at: 0 };
    const { html } = ratingPage({ ...ASKED, rating }, voiceIn('en', policy));
    expect(html.match(/value="\d" required( checked)?/g)?.filter((input) => input.includes('checked'))).toEqual([
      'value="2" required checked',
    ]);
    expect(html).toContain('\nSlow.</textarea>');
    expect(html).toContain('<h1>Thank you</h1>');
  });
});

const ASKED = { subject: 'My order', status: 'solved' as const, answered: true, rating: null, mergedInto: null };

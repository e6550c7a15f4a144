import { describe, expect, it } from 'vitest';
import { type Block, htmlOf, textOf } from '../../../core/email/layout.ts';
import { voiceIn } from '../../../core/email/voice.ts';
import { defaultPolicy } from '../../builders.ts';

const voice = voiceIn('en', defaultPolicy);
const head = { subject: 'My order', preview: 'Hello', footer: null };
const html = (...blocks: Block[]) => htmlOf(blocks, head, voice);

describe('what people wrote', () => {
  const quoted = { is: 'quote', text: 'Hello\r\nsecond\r\n\r\nnext\rlast\u2028line' } as const;

  it('is quoted line by line, by whatever its lines end', () => {
    expect(textOf([quoted], head)).toBe('> Hello\n> second\n> \n> next\n> last\n> line');
    expect(textOf([{ is: 'written', body: { text: 'a\r\nb', html: null } }], head)).toBe('a\nb');
  });

  it('is cut between two characters where a list shows its beginning', () => {
    const preview = `${'x'.repeat(139)}😀 and more`;
    expect(htmlOf([], { ...head, preview }, voice)).toContain(`>${'x'.repeat(139)}…</div>`);
  });

  it('keeps its lines and paragraphs in HTML', () => {
    expect(html(quoted)).toMatch(/>Hello<br>second<\/p>\n<p [^>]*>next<br>last<br>line<\/p><\/blockquote>/);
  });
});

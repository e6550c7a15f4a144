/** HTML that strangers wrote, made harmless; and text made HTML. */
import { convert, type FormatCallback } from 'html-to-text';
import sanitize from 'sanitize-html';

const NESTING_MAX = 100;
/** Elements open at once in what is read: the parser takes time for each with every further one. */
const OPEN_MAX = 1_000;
const INPUT_CHARS_MAX = 1024 * 1024;

const CELLS = ['td', 'th'];
const HEADINGS = ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'];

const SANITIZE: sanitize.IOptions = {
  allowedTags: [...sanitize.defaults.allowedTags, 'del', 'ins'],
  allowedAttributes: { a: ['href', 'title'], td: ['colspan', 'rowspan'], th: ['colspan', 'rowspan'], ol: ['start'] },
  allowedSchemes: ['https', 'http', 'mailto', 'tel'],
  allowProtocolRelative: false,
  nestingLimit: NESTING_MAX,
  parseStyleAttributes: false, // none is let through, so none has to be understood
  transformTags: { a: sanitize.simpleTransform('a', { rel: 'noopener noreferrer nofollow', target: '_blank' }) },
};
SANITIZE.allowedAttributes = { ...SANITIZE.allowedAttributes, a: ['href', 'title', 'rel', 'target'] };

/** HTML without script, style, form, image or anything else that acts: fit to be shown to the other side. */
export function harmlessHtml(html: string): string {
  return boundedly(html, SANITIZE);
}

class TooManyOpen extends Error {
  override readonly name = 'TooManyOpen';
}

/** Sanitises in time that grows with the length alone. Of HTML that opens elements without end, only the words stay. */
export function boundedly(html: string, options: sanitize.IOptions): string {
  const start = html.slice(0, INPUT_CHARS_MAX);
  let open = 0;
  const onOpenTag = () => {
    open += 1;
    if (open > OPEN_MAX) throw new TooManyOpen();
  };
  const onCloseTag = () => {
    open -= 1;
  };
  try {
    return sanitize(start, { ...options, onOpenTag, onCloseTag });
  } catch (cause) {
    if (!(cause instanceof TooManyOpen)) throw cause;
    return onlyWords(start, options);
  }
}

/** HTML without any element. */
export function onlyWords(html: string, options: sanitize.IOptions): string {
  return sanitize(html.replace(/<[^<>]*>/g, ' ').replaceAll('<', '&lt;'), options);
}

/** What stands beside something else is apart from it. */
const cell: FormatCallback = (element, walk, builder) => {
  walk(element.children, builder);
  builder.addInline(' ');
};

/** The words of an HTML body, with its paragraphs and lists as lines. */
export function textOfHtml(html: string): string {
  return convert(harmlessHtml(html), {
    wordwrap: false,
    limits: { maxDepth: NESTING_MAX, maxInputLength: INPUT_CHARS_MAX },
    formatters: { cell },
    selectors: [
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
      // By default headings are shouted: the words stay as they were written.
      { selector: 'tr', format: 'block', options: { leadingLineBreaks: 1, trailingLineBreaks: 1 } },
      ...CELLS.map((selector) => ({ selector, format: 'cell' })),
      ...HEADINGS.map((selector) => ({ selector, options: { uppercase: false } })),
    ],
  });
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);
}

/** Plain text as HTML paragraphs: an empty line starts a new one. */
export function htmlOfText(text: string): string {
  return text
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br>')}</p>`)
    .join('\n');
}

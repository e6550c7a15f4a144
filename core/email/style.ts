/** Inline styles of mails: what letters look like, and what is beside what. Nothing that loads, hides or moves away. */

const DECLARATIONS_MAX = 50;
const VALUE_CHARS_MAX = 200;

/** Words, numbers, percentages, colours, families in quotes: no function but those of colours, so no url(). */
const PLAIN = /^[\w\s#%.,'+-]*(?:(?:rgb|rgba|hsl|hsla)\([\d\s.,%/]*\)[\w\s#%.,'+-]*)*$/i;
/** Lengths that cannot put anything over its neighbours: none is below nothing. */
const ONE = '(?:(?:\\d{1,4}(?:\\.\\d{1,4})?|\\.\\d{1,4})(?:p[xtc]|r?em|ex|%|in|[cm]m)?|auto|normal|inherit)';
const LENGTH = new RegExp(`^${ONE}$`, 'i');
const LENGTHS = new RegExp(`^${ONE}(?: ${ONE}){0,3}$`, 'i');
const WORD = /^[a-z-]+$/i;

const PROPERTIES: Record<string, RegExp> = {
  ...{ color: PLAIN, 'background-color': PLAIN, 'font-family': PLAIN, 'font-size': PLAIN, 'font-style': WORD },
  ...{ 'font-weight': PLAIN, 'line-height': LENGTH, 'text-align': WORD, 'text-decoration': PLAIN, direction: WORD },
  ...{ 'text-transform': WORD, 'vertical-align': WORD, 'white-space': WORD, 'list-style-type': WORD, width: LENGTH },
  ...{ 'max-width': LENGTH, height: LENGTH, 'border-collapse': WORD, border: PLAIN, 'border-left': PLAIN },
  ...{ 'border-right': PLAIN, 'border-top': PLAIN, 'border-bottom': PLAIN, padding: LENGTHS, 'padding-left': LENGTH },
  ...{ 'padding-right': LENGTH, 'padding-top': LENGTH, 'padding-bottom': LENGTH, margin: LENGTHS },
  ...{ 'margin-left': LENGTH, 'margin-right': LENGTH, 'margin-top': LENGTH, 'margin-bottom': LENGTH },
};

/** The declarations that are known and harmless, in their order. */
export function harmlessStyle(style: string): string {
  return style
    .split(';', DECLARATIONS_MAX)
    .flatMap((declaration) => {
      const colon = declaration.indexOf(':');
      const property = declaration.slice(0, Math.max(colon, 0)).trim().toLowerCase();
      const value = declaration
        .slice(colon + 1)
        .trim()
        .replace(/\s*!important$/i, '')
        .replace(/\s+/g, ' ');
      const isKnown = Object.hasOwn(PROPERTIES, property) && value !== '' && value.length <= VALUE_CHARS_MAX;
      return isKnown && PROPERTIES[property]?.test(value) ? [`${property}:${value}`] : [];
    })
    .join(';');
}

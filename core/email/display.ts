/**
 * HTML of a mail, made fit to be shown to an agent: what a mail program would show, and nothing that acts, loads or
 * leaves its place. What this makes is its own fixed point: made harmless again, it stays as it is.
 */
import sanitize from 'sanitize-html';
import { contentIdsOf } from './content-id.ts';
import { boundedly, onlyWords } from './html.ts';
import { harmlessStyle } from './style.ts';

export interface Display {
  /** Where the mail's own images are, by content id as it is compared. What else its HTML refers to is not shown. */
  ownImages: ReadonlyMap<string, string>;
  /** Whether images of other servers are loaded: whoever sent the mail sees that it was opened. */
  remoteImages: boolean;
}

export interface Displayed {
  html: string;
  /** Images of other servers that were left out: they keep their place, their address is in `data-remote-src`. */
  remoteImagesLeft: number;
}

const BOX = ['align', 'valign', 'bgcolor', 'width', 'height', 'dir', 'lang', 'style'];
const CELL = [...BOX, 'colspan', 'rowspan'];
const RASTER_DATA = /^data:image\/(?:png|gif|jpeg|webp);base64,[a-z0-9+/=\s]*$/i;
const WEB = /^https?:\/\/[^/]/i;
/** Where a link may lead: nowhere within the page that shows it. */
const LINK = /^(?:https?:\/\/|mailto:|tel:)/i;
/** Elements whose content is not the mail's words: gone with all that is in them. */
const NO_WORDS = ['script', 'style', 'textarea', 'option', 'xmp', 'title', 'svg', 'math', 'iframe', 'object', 'applet'];

/**
 * What an element that is taken out kept apart (a paragraph in a paragraph, say) is read otherwise the next time: it is
 * gone through until it stays as it is. HTML that does not settle is shown as its words.
 */
const PASSES_MAX = 5;

export function displayHtml(html: string, display: Display): Displayed {
  const own = new Set(display.ownImages.values());
  let remoteImagesLeft = 0;
  const options: sanitize.IOptions = {
    allowedTags: [...sanitize.defaults.allowedTags, 'img', 'del', 'ins', 'font', 'center', 'big', 'strike', 'tt'],
    allowedAttributes: {
      ...{ '*': ['dir', 'lang', 'style', 'align'], td: CELL, th: CELL, tr: BOX, tbody: BOX, col: [...BOX, 'span'] },
      ...{ table: [...BOX, 'border', 'cellpadding', 'cellspacing'], font: ['color', 'face', 'size'] },
      ...{ a: ['href', 'title', 'rel', 'target'], ol: ['start', 'type'], ul: ['type'] },
      img: ['src', 'data-remote-src', 'alt', 'title', 'width', 'height'],
    },
    allowedSchemes: ['https', 'http', 'mailto', 'tel'],
    allowedSchemesByTag: { img: ['https', 'http', 'data'] },
    allowProtocolRelative: false,
    nonTextTags: [...NO_WORDS, 'noembed', 'noframes', 'template', 'select'],
    nestingLimit: 200,
    parseStyleAttributes: false, // `harmlessStyle` does
    transformTags: {
      a: (tagName, { href, title, style, dir, lang }) => ({
        tagName,
        attribs: known({
          href: LINK.test(href ?? '') ? href : undefined,
          title,
          rel: 'noopener noreferrer nofollow',
          target: '_blank',
          style,
          dir,
          lang,
        }),
      }),
      img: (tagName, { src, 'data-remote-src': left, ...attribs }) => {
        const image = imageOf(src ?? left ?? '', display, own);
        if ('data-remote-src' in image) remoteImagesLeft += 1;
        return { tagName, attribs: { ...attribs, ...image } };
      },
      '*': (tagName, { style, ...attribs }) => ({ tagName, attribs: { ...attribs, ...styled(style) } }),
    },
  };
  let shown = html;
  for (let pass = 0; pass < PASSES_MAX; pass += 1) {
    remoteImagesLeft = 0;
    const next = boundedly(shown, options);
    if (next === shown) return { html: shown, remoteImagesLeft };
    shown = next;
  }
  return { html: onlyWords(shown, options), remoteImagesLeft: 0 };
}

/** Where an image comes from, or would: nowhere else than from the mail, or where the mail says on the web. */
function imageOf(given: string, display: Display, own: Set<string>): { src?: string; 'data-remote-src'?: string } {
  const source = given.trim();
  const contentId = /^cid:(.+)$/is.exec(source)?.[1];
  if (contentId !== undefined) {
    const [url] = contentIdsOf(contentId).flatMap((id) => display.ownImages.get(id) ?? []);
    return url === undefined ? {} : { src: url };
  }
  if (own.has(source) || RASTER_DATA.test(source)) return { src: source };
  if (!WEB.test(source)) return {};
  return display.remoteImages ? { src: source } : { 'data-remote-src': source };
}

function styled(style: string | undefined): { style?: string } {
  const harmless = harmlessStyle(style ?? '');
  return harmless === '' ? {} : { style: harmless };
}

function known(attribs: Record<string, string | undefined>): sanitize.Attributes {
  return Object.fromEntries(
    Object.entries(attribs).filter((entry): entry is [string, string] => entry[1] !== undefined),
  );
}

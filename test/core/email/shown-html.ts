/** What a browser makes of HTML that was made harmless, by a parser that reads as browsers do. */
import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;

/** Elements that may be shown, of HTML only: a second list, so that a mistake in the first one is found. */
const ELEMENTS = wordsOf(`
  address article aside footer header h1 h2 h3 h4 h5 h6 hgroup main nav section blockquote dd div dl
  dt figcaption figure hr li menu ol p pre ul a abbr b bdi bdo br cite code data dfn em i kbd mark q
  rb rp rt rtc ruby s samp small span strong sub sup time u var wbr caption col colgroup table tbody
  td tfoot th thead tr img del ins font center big strike tt
`);
const ATTRIBUTES = wordsOf(`
  dir lang style align valign bgcolor width height colspan rowspan span border cellpadding cellspacing
  color face size href title rel target start type src data-remote-src alt
`);
const LINK = /^(?:https?:\/\/|mailto:|tel:)/i;
const IMAGE = /^(?:https?:\/\/|\/v1\/|data:image\/(?:png|gif|jpeg|webp);base64,)/i;
const STYLE = /url|expression|import|position|behavior|@|\\|\/\*/i;

/** Elements and attributes that have no place in it, in words; none where all is well. */
export function unexpectedIn(html: string): string[] {
  const found: string[] = [];
  const open: Node[] = [parseFragment(html)];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if ('childNodes' in node) open.push(...node.childNodes);
    if (node.nodeName === '#comment') found.push('a comment');
    if (!('tagName' in node)) continue;
    if (!ELEMENTS.has(node.tagName) || !node.namespaceURI.endsWith('/xhtml')) found.push(`<${node.tagName}>`);
    for (const { name, value } of node.attrs) {
      const isSafe =
        ATTRIBUTES.has(name) &&
        (name !== 'href' || LINK.test(value)) &&
        (name !== 'src' || IMAGE.test(value)) &&
        (name !== 'data-remote-src' || /^https?:\/\//i.test(value)) &&
        (name !== 'style' || !STYLE.test(value));
      if (!isSafe) found.push(`<${node.tagName} ${name}="${value}">`);
    }
  }
  return found;
}

function wordsOf(text: string): Set<string> {
  return new Set(text.trim().split(/\s+/));
}

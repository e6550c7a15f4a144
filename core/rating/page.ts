/** The page on which a customer rates, behind the link in a mail: HTML that needs nothing else, and no script. */
import { sha256Base64 } from '../digest.ts';
import { sayingIn } from '../email/texts.ts';
import type { Voice } from '../email/voice.ts';
import { html, Markup } from '../explain/markup.ts';
import { DEFAULT_BRAND } from '../policy/brand.ts';
import { directionOf, type Language } from '../policy/languages.ts';
import { canBeRated } from '../thread/decide-rating.ts';
import { COMMENT_CHARS_MAX, SCORES } from '../thread/rating.ts';
import type { Thread } from '../thread/thread.ts';
import type { Said } from './said.ts';
import { styleIn } from './style.ts';

export interface Page {
  html: string;
  /** What may be on it: its own style, and a form for here. No other page shows it as its own. */
  policy: string;
}

type Rated = Pick<Thread, 'subject' | 'status' | 'answered' | 'rating' | 'mergedInto'>;

/** What there is to say of a thread: to rate it, or why it cannot be. */
export function ratingPage(thread: Rated, voice: Voice, said?: Said): Page {
  const { say } = voice;
  if (thread.status === 'closed') {
    const words = say(thread.mergedInto === null ? 'rateClosed' : 'rateGoesOn');
    return pageOf(voice, say('rateOverTitle'), html`<p>${words}</p>`);
  }
  if (!canBeRated(thread)) return pageOf(voice, say('ratingTitle'), html`<p>${say('rateNotYet')}</p>`);
  const isRated = thread.rating !== null || said === 'taken';
  const title = say(isRated && said !== 'missing' && said !== 'failed' ? 'ratedTitle' : 'ratingTitle');
  return pageOf(
    voice,
    title,
    html`${noticeOf(isRated, voice, said)}
<p dir="auto">${say('rateAbout', { subject: thread.subject })}</p>
${formOf(thread, voice)}`,
  );
}

/** Where a link leads nowhere, or nothing can be told just now: of no business, for nobody has proved one. */
export function brokenLinkPage(language: Language, isTransient: boolean): Page {
  const say = sayingIn(language);
  const voice: Voice = { language, say, name: '', accent: DEFAULT_BRAND.accent, signature: null };
  if (isTransient) return pageOf(voice, say('ratingTitle'), html`<p>${say('rateFailed')}</p>`);
  return pageOf(voice, say('rateLinkTitle'), html`<p>${say('rateLink')}</p>`);
}

function noticeOf(isRated: boolean, { say }: Voice, said: Said | undefined): Markup {
  if (said === 'missing') return html`<p class="notice" role="alert">${say('rateMissing')}</p>`;
  if (said === 'failed') return html`<p class="notice" role="alert">${say('rateFailed')}</p>`;
  return isRated ? html`<p class="notice" role="status">${say('rated')}</p>` : html``;
}

function formOf({ rating }: Rated, { say }: Voice): Markup {
  const scores = SCORES.map((score) => {
    const checked = new Markup(rating?.score === score ? ' checked' : '');
    return html`<label><input type="radio" name="score" value="${score}" required${checked}>
<span>${say(`rate:${score}`)}</span></label>`;
  });
  return html`<form method="post" accept-charset="utf-8">
<fieldset><legend>${say('rateScore')}</legend><div class="scores">${scores.toReversed()}</div></fieldset>
<label class="comment" for="comment">${say('rateComment')} <span class="soft">${say('rateOptional')}</span></label>
<textarea id="comment" name="comment" rows="4" maxlength="${COMMENT_CHARS_MAX}" dir="auto">
${rating?.comment ?? ''}</textarea>
<button>${say('rateSend')}</button>
</form>`;
}

function pageOf({ language, name, accent }: Voice, title: string, body: Markup): Page {
  const style = styleIn(accent);
  const page = html`<!doctype html>
<html lang="${language}" dir="${directionOf(language)}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${title}</title><style>${new Markup(style)}</style></head><body><main>
${name === '' ? '' : html`<p class="band">${name}</p>`}
<div class="sheet"><h1>${title}</h1>
${body}</div></main></body></html>
`;
  const policy = [
    ["default-src 'none'", `style-src 'sha256-${sha256Base64(style)}'`],
    ["base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'"],
  ];
  return { html: page.text, policy: policy.flat().join('; ') };
}

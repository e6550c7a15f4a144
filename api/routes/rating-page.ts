/** The page behind the link in a mail. Looking changes nothing: whatever checks mails follows their links too. */
import { voiceIn } from '../../core/email/voice.ts';
import { LANGUAGES } from '../../core/policy/languages.ts';
import { brokenLinkPage, type Page, ratingPage } from '../../core/rating/page.ts';
import { threadOf } from '../access.ts';
import { notFound, type Problem } from '../problem.ts';
import { raterBy } from '../rating-link.ts';
import * as requests from '../requests.ts';
import { type Reply, type Route, route } from '../route.ts';

const openRating = route({
  method: 'GET',
  path: '/v1/ratings/{token}',
  operationId: 'openRating',
  summary: 'The page on which a customer rates, without an account: where the link in the mail leads',
  tag: 'Customers',
  callers: ['capability'],
  invitation: { callerOf: raterBy, failed },
  query: requests.ratingPageQuery,
  answers: { 200: { description: 'The page, with a form that posts here.', page: true } },
  handle: async (call) => {
    const { principal, policy, query } = call;
    const thread = principal.kind === 'capability' ? await threadOf(call, principal.threadId) : undefined;
    if (thread === undefined) throw notFound('link');
    const voice = voiceIn(policy.languageFor(thread.customer.locale), policy);
    return replyWith(ratingPage(thread, voice, query.said), 200);
  },
});

export const ratingPageRoutes: Route[] = [openRating];

/** Nobody has proved to be of a business, so the language is that of whoever looks. */
function failed({ status }: Problem, request: Request): Reply {
  const wanted = (request.headers.get('accept-language') ?? '').toLowerCase().split(',');
  const languages = wanted.map((tag) => LANGUAGES.find((language) => tag.trim().startsWith(language)));
  const [language = 'en'] = languages.filter((one) => one !== undefined);
  return replyWith(brokenLinkPage(language, status !== 404), status);
}

/** The address holds the token: no page that this one leads to is told of it. */
function replyWith({ html, policy }: Page, status: number): Reply {
  const headers = { 'Content-Security-Policy': policy, 'Referrer-Policy': 'no-referrer' };
  return { status, page: html, headers: { ...headers, 'X-Content-Type-Options': 'nosniff' } };
}

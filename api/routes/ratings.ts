/** What customers call to say how content they are: by their token, or by the link of a mail. */
import type * as z from 'zod';
import type { BodyOf } from '../../core/thread/command.ts';
import type { Problem } from '../problem.ts';
import { raterBy, ratingInForm } from '../rating-link.ts';
import * as requests from '../requests.ts';
import { type Call, type Reply, type Route, route } from '../route.ts';
import { submitChange } from '../submit.ts';
import { ACCEPTED, OWN_THREAD } from './shared.ts';

/** So long a page waits for the decision: what it shows next is what came of it. */
const PAGE_WAITS_SECONDS = 10;

const rateThread = route({
  method: 'POST',
  path: '/v1/threads/{id}/rating',
  operationId: 'rateThread',
  summary: 'Say how content you are, once you were answered; the last word counts, until the thread is closed',
  tag: 'Customers',
  callers: OWN_THREAD,
  query: requests.noQuery,
  body: requests.ratingBody,
  answers: ACCEPTED,
  handle: (call) => rate(call),
});

const sendRating = route({
  method: 'POST',
  path: '/v1/ratings/{token}',
  operationId: 'sendRating',
  summary: 'Rate by the link of a mail: by its page, or by one of your own with `{token}` in its address',
  tag: 'Customers',
  callers: ['capability'],
  invitation: { callerOf: raterBy, formOf: ratingInForm, failed },
  query: requests.ratingPageQuery,
  body: requests.ratingBody,
  answers: { ...ACCEPTED, 303: { description: 'To who wants `text/html`: the page, which says what came of it.' } },
  handle: async (call) => {
    const { principal, wantsPage } = call;
    if (principal.kind !== 'capability') throw new RangeError('A link is of one thread.');
    const params = { id: principal.threadId };
    if (!wantsPage) return rate({ ...call, params });
    const { status } = await rate({ ...call, params, waitSeconds: PAGE_WAITS_SECONDS });
    return seePage(status === 200 ? 'kept' : 'taken');
  },
});

export const ratingRoutes: Route[] = [rateThread, sendRating];

function rate(call: Call<{ id: string }, unknown, z.output<typeof requests.ratingBody>>): Promise<Reply> {
  const { score, comment } = call.body;
  const wish: BodyOf<'rate'> = { type: 'rate', score, comment: comment?.toWellFormed() ?? null };
  return submitChange(call, () => ({ body: () => wish }));
}

/** What was refused, and a link that leads nowhere, the page tells of by itself. */
function failed({ status, errors }: Problem, _request: Request, wantsPage: boolean): Reply | undefined {
  if (!wantsPage) return undefined;
  if (status === 404 || status === 409) return seePage();
  return seePage(errors.some(({ pointer }) => pointer === '/score') ? 'missing' : 'failed');
}

/** The same address, whatever stands before it: so no reload sends the form again. */
function seePage(said?: NonNullable<z.output<typeof requests.ratingPageQuery>['said']>): Reply {
  return { status: 303, headers: { Location: said === undefined ? '?' : `?said=${said}` } };
}

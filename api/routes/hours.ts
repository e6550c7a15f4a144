/** What would come of a message, asked before it is written. */
import { foresee } from '../../core/thread/foresee.ts';
import { aNobody } from '../../core/thread/thread.ts';
import * as answers from '../answers.ts';
import { nullableInstantText } from '../instants.ts';
import * as requests from '../requests.ts';
import { type Route, route } from '../route.ts';
import { EVERYBODY } from './shared.ts';

const readHours = route({
  method: 'GET',
  path: '/v1/hours',
  operationId: 'readHours',
  summary: 'Whether the team that answers is there, and when an answer to a message sent now can be expected',
  tag: 'Both',
  callers: EVERYBODY,
  query: requests.hoursQuery,
  answers: { 200: { description: 'The hours.', schema: answers.hours } },
  handle: async (call) => {
    const { policy, ids, query, deps } = call;
    const topic = query.topic ?? null;
    const beginning = { customer: aNobody(), topic, urgency: null, attributes: {} };
    const team = policy.teamForTopic(topic);
    const now = deps.clock.now();
    const open = team.hours.isOpen(now);
    return {
      status: 200,
      body: {
        open,
        opensAt: open ? null : nullableInstantText(team.hours.nextOpen(now)),
        closesAt: open ? nullableInstantText(team.hours.nextClose(now)) : null,
        expectedReplyAt: nullableInstantText(foresee(beginning, {}, { policy, ids, now }).expectedReplyAt),
        timeZone: team.hours.timeZone,
      },
    };
  },
});

export const hoursRoutes: Route[] = [readHours];

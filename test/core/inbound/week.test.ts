/**
 * A week with whoever answers every mail: what is sent to them stays under the sum that docs/email.md states. Fast
 * correspondents use up what is taken at once; slow ones are just slow enough for what comes back by the hour.
 */
import { afterEach, describe, expect, it } from 'vitest';
import { JOININGS, REOPENINGS } from '../../../core/inbound/loop-bounds.ts';
import type { Rate } from '../../../core/policy/policy.ts';
import { DEFAULT_MAIL_RATE } from '../../../core/policy/policy.ts';
import { aPolicy, DAY, MINUTE } from '../../builders.ts';
import {
  ALL_THAT_TELLS,
  aForwarder,
  anAnsweringMachine,
  aPlainMail,
  type Habits,
  MARKS,
  withoutFields,
} from '../../support/answering-machine.ts';
import { MailWeek } from '../../support/mail-week.ts';
import { TestProduct } from '../../support/product.ts';

const ACME = /@(in\.)?acme\.example$/;
const PEER = /@(in\.)?peer\.example$/;
const FAST = 5_000;
/** There and back in a little more than the half hour in which one mail of `rates.mail` comes back. */
const SLOW = 16 * MINUTE;
const DAYS = 7;

/** What a bucket lets through until the end of each day of the week. */
function mostOf({ burst, perMinute }: Rate): number[] {
  return Array.from({ length: DAYS + 1 }, (_, day) => burst + Math.ceil(perMinute * 60 * 24 * (day + 1)));
}
const CORRESPONDENCE = mostOf({ perMinute: DEFAULT_MAIL_RATE.perHour / 60, burst: DEFAULT_MAIL_RATE.burst });
const plusOne = (most: number[]) => most.map((count) => count + 1);
const times = (most: number[], factor: number) => most.map((count) => count * factor);

const always = (count: number) =>
  times(
    Array.from({ length: DAYS + 1 }, () => 1),
    count,
  );

/** A business that writes all letters there are. */
const EAGER = {
  letters: {
    history: 'full',
    reminder: { after: '1h' },
    rating: { after: '1h', url: 'https://acme.example/rate?thread={thread}' },
  },
};

const running: TestProduct[] = [];
afterEach(async () => {
  for (const product of running.splice(0)) await product.stop();
});

function serve(week: MailWeek, id: 'acme' | 'peer', changes: object = {}): TestProduct {
  const { teams, agents } = aPolicy().source;
  const moved = JSON.parse(JSON.stringify({ teams, agents }).replaceAll('@acme.', `@${id}.`));
  const policy = aPolicy({ id, publishableKeys: [], mail: { repliesAt: `in.${id}.example` }, ...moved, ...changes });
  const product = new TestProduct({ clock: week.clock, policies: [policy.source] });
  running.push(product);
  week.serve(product, `${id}.example`);
  return product;
}

/** So that they are told to somebody's mailbox, and not to the product. */
function noticesTo(notices: string) {
  const { support, billing } = aPolicy().source.teams;
  return { teams: { support: { ...support, notices }, billing: { ...billing, notices } } };
}

async function begin(product: TestProduct, email: string): Promise<void> {
  const body = { customer: { email }, subject: 'Our offer', text: 'What do you think of it?' };
  await product.post('/v1/agent/threads', await product.agent(), body);
}

/** Somebody answers, and a transcript is asked for. */
async function answer(product: TestProduct, id: string, status: 'pending' | 'solved'): Promise<void> {
  const agent = await product.agent();
  await product.post(`/v1/agent/threads/${id}/replies`, agent, { text: 'We look into it.', status });
  await product.post(`/v1/agent/threads/${id}/transcript`, agent, { to: 'customer' });
}

/** Holds what went one way, until the end of each day, under what is allowed of each kind. @returns the sums */
function sentWithin(
  allowed: Record<string, number[]>,
  week: MailWeek,
  [from, to]: readonly [RegExp, RegExp] = [ACME, PEER],
) {
  const sums: Record<string, number> = {};
  for (const [kind, counts] of Object.entries(week.daily(from, to))) {
    counts.forEach((count, day) => {
      sums[kind] = (sums[kind] ?? 0) + count;
      expect(sums[kind], `${kind} until day ${day + 1}`).toBeLessThanOrEqual(allowed[kind]?.[day] ?? 0);
    });
  }
  return sums;
}

/** Of each mail that is taken the team is told: so many were, until the end of each day. */
function takenWithin(most: number[], week: MailWeek): void {
  const { notice = [] } = week.daily(ACME, ACME);
  notice.reduce((sum, count, day) => {
    expect(sum + count, `taken until day ${day + 1}`).toBeLessThanOrEqual(most[day] ?? 0);
    return sum + count;
  }, 0);
}

it('the bound of a domain is the one that docs/email.md states', () => {
  expect(CORRESPONDENCE.slice(0, DAYS)).toEqual([78, 126, 174, 222, 270, 318, 366]);
});

describe('two instances, each a customer of the other,', () => {
  it.each([
    ['stop at once where their mails say that nobody wrote them', FAST, /^$/, 1],
    ['stop at once where that is lost on the way, and answers still find their thread', FAST, MARKS, 1],
    ['stop where all is lost that tells of an answer, too', FAST, ALL_THAT_TELLS, 30],
    ['stop where all is lost and each mail takes its time', SLOW, ALL_THAT_TELLS, CORRESPONDENCE],
  ])('%s', async (_what, travelMs, lost, most) => {
    const week = new MailWeek(travelMs, withoutFields(lost));
    await begin(serve(week, 'acme'), 'support@peer.example');
    await begin(serve(week, 'peer'), 'support@acme.example');
    await week.live(DAYS * DAY);
    const acknowledgement = typeof most === 'number' ? always(most) : most;
    for (const way of [
      [ACME, PEER],
      [PEER, ACME],
    ] as const) {
      sentWithin({ reply: always(1), acknowledgement }, week, way);
    }
  });
});

describe('a machine that answers every mail', () => {
  it.each<[Habits, number]>([
    [{}, 1],
    [{ names: false, quotes: true, subject: 'changed' }, 1],
    [{ to: 'from', subject: 'changed' }, 1],
    [{ from: 'new' }, 1],
    [{ from: 'new', names: false, quotes: true }, 1],
    [{ from: 'new', to: 'from' }, 1],
    [{ to: 'from', names: false }, 30],
    [{ from: 'new', to: 'from', names: false, quotes: true, subject: 'changed' }, 30],
  ])('as %j is acknowledged %i times and no more', async (habits, most) => {
    const week = new MailWeek(FAST);
    serve(week, 'acme');
    week.read(PEER, anAnsweringMachine(habits));
    await week.send(aPlainMail('a@peer.example', 'support@acme.example'));
    await week.live(DAYS * DAY);
    expect(sentWithin({ acknowledgement: always(most) }, week)).toEqual({ acknowledgement: most });
  });

  it.each<Habits>([{}, { from: 'new' }])(
    'slowly, from %j addresses, is acknowledged as often as people are',
    async (habits) => {
      const week = new MailWeek(SLOW);
      serve(week, 'acme');
      week.read(PEER, anAnsweringMachine({ ...habits, to: 'from', names: false }));
      await week.send(aPlainMail('a@peer.example', 'support@acme.example'));
      await week.live(DAYS * DAY);
      const { acknowledgement } = sentWithin({ acknowledgement: CORRESPONDENCE }, week);
      expect(acknowledgement, 'it goes on').toBeGreaterThan(300);
      takenWithin(plusOne(CORRESPONDENCE), week);
      // Each mail that it got, it answered; and somebody began.
      sentWithin({ other: plusOne(CORRESPONDENCE) }, week, [PEER, ACME]);
    },
  );

  it.each<Habits>([{ from: 'new' }, { to: 'from', names: false }])(
    'as %j gets letters once for what caused them',
    async (habits) => {
      const week = new MailWeek(SLOW);
      const acme = serve(week, 'acme', EAGER);
      week.read(PEER, anAnsweringMachine(habits));
      await week.send(aPlainMail('a@peer.example', 'support@acme.example'));
      let [answered, threads] = [0, 0];
      for (let day = 0; day < DAYS; day += 1) {
        const ids = (await acme.threads()).slice(0, 3);
        for (const id of ids) await answer(acme, id, day % 2 === 0 ? 'pending' : 'solved');
        answered += ids.length;
        threads = (await acme.threads()).length;
        await week.live(DAY);
      }
      sentWithin(
        {
          acknowledgement: CORRESPONDENCE,
          reply: always(answered * 4),
          reminder: always(answered),
          rating: always(threads),
          transcript: always(answered),
        },
        week,
      );
    },
  );

  it.each<Habits>([{ from: 'new' }, { from: 'new', to: 'from', names: false }])(
    'as %j gets no more from an agent whose machine answers notices',
    async (habits) => {
      const week = new MailWeek(SLOW);
      serve(week, 'acme', noticesTo('ana@acme.example'));
      week.read(PEER, anAnsweringMachine(habits));
      week.read(/^ana@/, anAnsweringMachine());
      await week.send(aPlainMail('a@peer.example', 'support@acme.example'));
      await week.live(2 * DAY);
      const copies = 1 + JOININGS.burst + 1;
      sentWithin({ acknowledgement: CORRESPONDENCE, reply: times(CORRESPONDENCE, copies) }, week);
    },
  );

  it('opens a thread again that a rule solves at once, as often as threads are opened', async () => {
    const week = new MailWeek(31 * MINUTE);
    const solve = { id: 'solve', do: { status: 'solved' }, again: true };
    serve(week, 'acme', { routing: [{ id: 'eager', on: ['start', 'message'], mode: 'all', rules: [solve] }] });
    week.read(PEER, anAnsweringMachine());
    await week.send(aPlainMail('a@peer.example', 'support@acme.example'));
    await week.live(DAYS * DAY);
    const { acknowledgement } = sentWithin({ acknowledgement: mostOf(REOPENINGS) }, week);
    expect(acknowledgement, 'it goes on').toBeGreaterThan(100);
  });
});

describe('whoever sends everything back to another address of the business', () => {
  it.each(['author', 'nothing'] as const)('and keeps %s of it', async (keeps) => {
    const week = new MailWeek(SLOW);
    serve(week, 'acme', noticesTo('crew@acme.example'));
    for (const address of [PEER, /^crew@/]) week.read(address, aForwarder('billing@acme.example', keeps));
    await week.send(aPlainMail('a@peer.example', 'support@acme.example'));
    await week.live(3 * DAY);
    sentWithin({ acknowledgement: keeps === 'author' ? always(1) : CORRESPONDENCE }, week);
    takenWithin(keeps === 'author' ? always(1) : times(CORRESPONDENCE, 2), week);
  });
});

/** What a month costs in which nothing happens: the sweep, the pollers, and what CloudWatch asks by the month. */
import type { MetricName } from '../../core/ports.ts';
import { aTemplate, resourcesOf } from '../../test/support/stack.ts';
import type { Row } from '../table.ts';
import type { Usage } from './meter.ts';
import { MONTHLY, PRICES } from './prices.ts';

const MINUTES_A_MONTH = 30 * 24 * 60;
/**
 * Lambda keeps five long polls open at a queue, of twenty seconds each (Lambda developer guide, "SQS"): rather more
 * than it does where nothing has come for long.
 */
const POLLS_A_MINUTE = 5 * 3;

/** The product's own metrics, by name: with one set of dimensions each is one. */
const METRICS: Record<MetricName, true> = {
  CommandAgeMs: true,
  DeadlinesBreached: true,
  FirstReplySeconds: true,
  MailsSent: true,
  MailsUndelivered: true,
  MessagesReceived: true,
  NextReplySeconds: true,
  SetAsides: true,
  ThreadsStarted: true,
  TimersSwept: true,
};

/** @param sweep what one sweep uses that finds nothing */
export function idleBill(sweep: Usage): Row[] {
  const template = aTemplate();
  const polled = resourcesOf(template, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => {
    return (Properties['EventSourceArn'] as { 'Fn::GetAtt': string[] })['Fn::GetAtt'][0];
  });
  const queues = resourcesOf(template, 'AWS::SQS::Queue').filter(([id]) => polled.includes(id));
  const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').length;
  const fifo = queues.filter(([, { Properties }]) => Properties['FifoQueue'] === true).length;
  const usage: [what: keyof typeof PRICES, amount: number][] = [
    ...(Object.entries(sweep) as [keyof typeof PRICES, number][]).map(
      ([what, amount]): [keyof typeof PRICES, number] => [what, amount * MINUTES_A_MONTH],
    ),
    ['SQS FIFO requests', fifo * POLLS_A_MINUTE * MINUTES_A_MONTH],
    ['SQS requests', (queues.length - fifo) * POLLS_A_MINUTE * MINUTES_A_MONTH],
  ];
  const priced = usage.map(([what, amount]) => ({ what, amount, dollars: amount * PRICES[what] }));
  const together = priced.reduce((sum, { dollars }) => sum + dollars, 0);
  const apart = [
    { what: `${alarms} alarms (alarms=false leaves them out)`, dollars: alarms * MONTHLY.alarm },
    { what: 'the dashboard (dashboard=false leaves it out)', dollars: MONTHLY.dashboard },
    { what: `${Object.keys(METRICS).length} metrics`, dollars: Object.keys(METRICS).length * MONTHLY.metric },
  ];
  const row = (what: string, amount: string, dollars: number): Row => ({
    'idle, a month': what,
    amount,
    dollars: dollars.toFixed(3),
  });
  return [
    ...priced.map(({ what, amount, dollars }) => row(what, amount.toFixed(0), dollars)),
    row('together', '', together),
    ...apart.map(({ what, dollars }) => row(`apart: ${what}`, '', dollars)),
  ];
}

/** One page that answers: are customers waiting because of us? From the top: what they notice, then what causes it. */
import { Duration } from 'aws-cdk-lib';
import { GraphWidget, Metric, Dashboard as Page, Row, SingleValueWidget, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { MetricName } from '../../core/ports.ts';
import { METRIC_NAMESPACE } from '../../lambdas/runtime/metric-names.ts';
import type { HttpApi } from './http-api.ts';
import type { ProductFunction } from './product-function.ts';
import type { WorkQueue } from './work-queue.ts';

export interface DashboardProps {
  api: HttpApi;
  queues: Record<string, WorkQueue>;
  functions: Record<string, ProductFunction>;
}

const HALF = { width: 12, height: 6 };
const PERIOD = Duration.minutes(5);

/** A metric that the product writes itself. */
export function productMetric(name: MetricName, statistic: string): Metric {
  const dimensionsMap = { service: 'meanwhile' };
  return new Metric({ namespace: METRIC_NAMESPACE, metricName: name, dimensionsMap, statistic, period: PERIOD });
}

export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, { api, queues, functions }: DashboardProps) {
    super(scope, id);
    const each = <T>(of: Record<string, T>, metricOf: (one: T) => Metric) =>
      Object.entries(of).map(([label, one]) => metricOf(one).with({ label }));
    new Page(this, 'Page', {
      widgets: [
        [new TextWidget({ markdown: '# Are customers waiting because of us?', width: 24, height: 1 })],
        [
          new Row(
            new SingleValueWidget({
              title: 'First reply, median and 90th percentile',
              metrics: [productMetric('FirstReplySeconds', 'p50'), productMetric('FirstReplySeconds', 'p90')],
              ...HALF,
            }),
            new GraphWidget({
              title: 'From accepted to decided, ms',
              left: [productMetric('CommandAgeMs', 'p50'), productMetric('CommandAgeMs', 'p99')],
              ...HALF,
            }),
          ),
        ],
        [
          new GraphWidget({
            title: 'Messages in, threads started, mails out',
            left: (['MessagesReceived', 'ThreadsStarted', 'MailsSent'] as const).map((name) =>
              productMetric(name, 'Sum'),
            ),
            ...HALF,
          }),
          new GraphWidget({
            title: 'Deadlines breached; set aside, not delivered',
            left: (['DeadlinesBreached', 'SetAsides', 'MailsUndelivered'] as const).map((name) =>
              productMetric(name, 'Sum'),
            ),
            ...HALF,
          }),
        ],
        [
          new GraphWidget({
            title: 'Oldest message, seconds',
            left: each(queues, ({ queue }) => queue.metricApproximateAgeOfOldestMessage({ period: PERIOD })),
            ...HALF,
          }),
          new GraphWidget({
            title: 'Dead letters',
            left: each(queues, ({ deadLetters }) =>
              deadLetters.metricApproximateNumberOfMessagesVisible({ period: PERIOD }),
            ),
            ...HALF,
          }),
        ],
        [
          new GraphWidget({
            title: 'API: server errors, and latency at the 99th percentile',
            left: [api.api.metricServerError({ period: PERIOD, statistic: 'sum' })],
            right: [api.api.metricLatency({ period: PERIOD, statistic: 'p99' })],
            ...HALF,
          }),
          new GraphWidget({
            title: 'Errors by function',
            left: each(functions, (one) => one.function.metricErrors({ period: PERIOD })),
            ...HALF,
          }),
        ],
      ],
    });
  }
}

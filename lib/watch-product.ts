/** Alarms on what the product says of itself, and on what receivers say of its mail. */
import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { productMetric } from './constructs/dashboard.ts';
import type { Watch } from './constructs/watch.ts';

export function watchProduct(watch: Watch): void {
  watchTime(watch);
  watchReputation(watch);
}

function watchTime(watch: Watch): void {
  watch.alarm('SweepHeartbeat', {
    metric: productMetric('TimersSwept', 'SampleCount').with({ period: Duration.minutes(1) }),
    above: 1,
    periods: 3,
    isHeartbeat: true,
    impact: 'Timers do not fire: snoozes do not end, deadlines pass unnoticed.',
    runbook: 'sweep-heartbeat',
  });
  watch.alarm('SetAsides', {
    metric: productMetric('SetAsides', 'Sum'),
    above: 0,
    impact: 'What somebody wrote could not be decided: it is kept in its thread, and waits for a person.',
    runbook: 'set-asides',
  });
}

/** SES stops an account at a bounce rate of 10 % or a complaint rate of 0.5 %: long before, somebody has to look. */
function watchReputation(watch: Watch): void {
  const rate = (name: string) =>
    new Metric({
      namespace: 'AWS/SES',
      metricName: `Reputation.${name}`,
      statistic: 'Average',
      period: Duration.hours(1),
    });
  const impact = 'SES will stop sending for this account if it goes on: then nobody gets any mail.';
  watch.alarm('BounceRate', { metric: rate('BounceRate'), above: 0.05, impact, runbook: 'bounce-rate' });
  watch.alarm('ComplaintRate', { metric: rate('ComplaintRate'), above: 0.001, impact, runbook: 'complaint-rate' });
}

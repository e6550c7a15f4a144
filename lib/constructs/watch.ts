/** Alarms: each says what customers notice, and where the runbook tells what to do. */
import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Settings } from '../settings.ts';

export interface AlarmProps {
  metric: IMetric;
  /** Goes off above this. */
  above: number;
  /** How many of its periods in a row. @default 1 */
  periods?: number;
  /** What customers or agents notice. */
  impact: string;
  /** The anchor in docs/runbook.md. */
  runbook: string;
  /** Whether no data is as bad as too much. @default false */
  isHeartbeat?: boolean;
}

const RUNBOOK = 'docs/runbook.md#';

/** Who watches: the topic that alarms go to, and the alarms. Without alarms, nothing is made. */
export class Watch extends Construct {
  readonly topic: Topic | undefined;

  constructor(scope: Construct, id: string, { alarms, alarmEmail }: Pick<Settings, 'alarms' | 'alarmEmail'>) {
    super(scope, id);
    if (!alarms) return;
    this.topic = new Topic(this, 'Topic', { enforceSSL: true });
    if (alarmEmail !== undefined) this.topic.addSubscription(new EmailSubscription(alarmEmail));
    acknowledge(
      this,
      'Serverless::Serverless-SNSRedrivePolicy',
      'A mail that does not arrive cannot be redriven: the alarm stays as it is until somebody sees it.',
    );
  }

  alarm(id: string, { metric, above, periods = 1, impact, runbook, isHeartbeat = false }: AlarmProps): void {
    if (this.topic === undefined) return;
    const alarm = new Alarm(this, id, {
      metric,
      threshold: above,
      evaluationPeriods: periods,
      comparisonOperator: isHeartbeat
        ? ComparisonOperator.LESS_THAN_THRESHOLD
        : ComparisonOperator.GREATER_THAN_THRESHOLD,
      treatMissingData: isHeartbeat ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      alarmDescription: `${impact} What to do: ${RUNBOOK}${runbook}`,
    });
    alarm.addAlarmAction(new SnsAction(this.topic));
    alarm.addOkAction(new SnsAction(this.topic));
  }
}

export const FIVE_MINUTES = Duration.minutes(5);

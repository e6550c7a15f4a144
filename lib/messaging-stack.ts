/**
 * Meanwhile on AWS: this page is the architecture.
 *
 *   customers, agents ──▶ HttpApi ──▶ intake ──▶ Lanes ──▶ routing ──▶ ThreadTable
 *                            └──────▶ queries               │  ▲
 *                                                           ├──┼─▶ Mails ──▶ delivery ──▶ MailSending (SES)
 *                                                           ├──┼─▶ Events (bus)                │
 *                     every minute ──▶ sla-check ◀── Waits ◀┘  └── email-events ◀── MailEvents ◀┘
 */
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { EventBus, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { Policy } from '../core/policy/policy.ts';
import { VARIABLES } from '../lambdas/runtime/environment.ts';
import { acknowledge } from './acknowledge.ts';
import { BlobBucket } from './constructs/blob-bucket.ts';
import { Dashboard, productMetric } from './constructs/dashboard.ts';
import { HttpApi } from './constructs/http-api.ts';
import { MailSending } from './constructs/mail-sending.ts';
import { PoliciesLayer } from './constructs/policies-layer.ts';
import { ProductFunction } from './constructs/product-function.ts';
import { BusinessSecretsAccess } from './constructs/secrets-access.ts';
import { ThreadTable } from './constructs/thread-table.ts';
import { Watch } from './constructs/watch.ts';
import { WorkQueue } from './constructs/work-queue.ts';
import { checkMailIdentities } from './mail-identities.ts';
import { isKept } from './removal.ts';
import type { Settings } from './settings.ts';

export interface MessagingStackProps extends StackProps {
  settings: Settings;
  policies: Policy[];
}

interface Shared {
  settings: Settings;
  watch: Watch;
}
type Kept = ReturnType<typeof whatIsKept>;
type Functions = ReturnType<typeof whoWorks>;
type Queues = ReturnType<typeof whatTheyWorkOn>;

/** How many mails are under way at once for each that may go out in a second: one takes about a fifth of it. */
const DELIVERIES_PER_MAIL_A_SECOND = 0.2;
const DELIVERIES_MIN = 2;

export class MessagingStack extends Stack {
  constructor(scope: Construct, id: string, { settings, policies, ...props }: MessagingStackProps) {
    super(scope, id, { ...props, terminationProtection: isKept(settings) });
    checkMailIdentities(policies, settings);
    // Of each function the CDK says that it waits for its role, as its properties say too: nothing that we could mend.
    this.templateOptions.metadata = { 'cfn-lint': { config: { ignore_checks: ['W3005'] } } };
    const watch = new Watch(this, 'Watch', settings);
    const shared = { settings, watch };
    const kept = whatIsKept(this, settings, policies);
    const functions = whoWorks(this, shared);
    const queues = whatTheyWorkOn(this, shared, functions);
    whatHappensByItself(this, kept, queues, functions);
    whoMayDoWhat(kept, queues, functions);
    const api = new HttpApi(this, 'Http', { ...shared, writes: functions.intake, reads: functions.queries });
    watchTime(watch);
    watchReputation(watch);
    if (settings.dashboard) new Dashboard(this, 'Dashboard', { api, queues, functions });
    tell(this, {
      ApiUrl: api.url,
      ThreadTable: kept.threads.table.tableName,
      BlobBucket: kept.blobs.bucket.bucketName,
      EventBus: kept.bus.eventBusName,
      SecretsPrefix: kept.secrets.prefix,
      ...(watch.topic === undefined ? {} : { AlarmTopic: watch.topic.topicArn }),
      ...queueOutputs(queues),
      ...kept.mail.dkimRecords(),
    });
  }
}

function whatIsKept(stack: Stack, settings: Settings, policies: Policy[]) {
  return {
    threads: new ThreadTable(stack, 'Threads', settings),
    blobs: new BlobBucket(stack, 'Blobs', settings),
    policies: new PoliciesLayer(stack, 'Policies', policies),
    secrets: new BusinessSecretsAccess(stack, 'Secrets'),
    bus: new EventBus(stack, 'Events', { description: 'What happens in threads, as CloudEvents.' }),
    mail: new MailSending(stack, 'Mail', settings),
  };
}

function whoWorks(stack: Stack, shared: Shared) {
  const seconds = Duration.seconds;
  return {
    intake: new ProductFunction(stack, 'Intake', {
      ...{ ...shared, folder: 'intake', timeout: seconds(20) },
      impact: 'Customers and agents cannot write.',
    }),
    queries: new ProductFunction(stack, 'Queries', {
      ...{ ...shared, folder: 'queries', timeout: seconds(20) },
      impact: 'Customers and agents cannot read.',
    }),
    routing: new ProductFunction(stack, 'Routing', {
      ...{ ...shared, folder: 'routing', timeout: seconds(30), memoryMegabytes: 256 },
      impact: 'What was accepted is not decided: customers and teams hear nothing.',
    }),
    slaCheck: new ProductFunction(stack, 'SlaCheck', {
      ...{ ...shared, folder: 'sla-check', timeout: seconds(50), memoryMegabytes: 256 },
      impact: 'Timers do not fire: snoozes do not end, deadlines pass unnoticed.',
    }),
    delivery: new ProductFunction(stack, 'Delivery', {
      ...{ ...shared, folder: 'delivery', timeout: seconds(90), memoryMegabytes: 256 },
      impact: 'Customers get no acknowledgements and no answers by mail.',
    }),
    emailEvents: new ProductFunction(stack, 'EmailEvents', {
      ...{ ...shared, folder: 'email-events', timeout: seconds(20), memoryMegabytes: 256 },
      impact: 'Nobody learns of bounces and complaints.',
    }),
  };
}

function whatTheyWorkOn(stack: Stack, shared: Shared, { routing, delivery, slaCheck, emailEvents }: Functions) {
  const mailWorkers = Math.ceil(shared.settings.mailsPerSecond * DELIVERIES_PER_MAIL_A_SECOND);
  return {
    lanes: new WorkQueue(stack, 'Lanes', {
      ...{ ...shared, worker: routing, variable: VARIABLES.laneQueue, isFifo: true, runbook: 'commands' },
      impact: 'What customers and agents wrote is not decided.',
    }),
    mails: new WorkQueue(stack, 'Mails', {
      ...{ ...shared, worker: delivery, variable: VARIABLES.mailQueue, isFifo: true, runbook: 'mails' },
      impact: 'Customers or teams get no mail.',
      oldestSeconds: 3_600,
      workersMax: Math.max(DELIVERIES_MIN, mailWorkers),
    }),
    waits: new WorkQueue(stack, 'Waits', {
      ...{ ...shared, worker: slaCheck, variable: VARIABLES.waitQueue, isFifo: false, runbook: 'waits' },
      impact: 'Timers fire up to a minute late: the sweep brings them again.',
    }),
    mailEvents: new WorkQueue(stack, 'MailEvents', {
      ...{ ...shared, worker: emailEvents, variable: VARIABLES.mailEventQueue, isFifo: false, runbook: 'mail-events' },
      impact: 'Nobody learns of bounces and complaints.',
      // Nothing waits for them, and many at once are cheaper.
      batch: { size: 100, within: Duration.seconds(20) },
    }),
  };
}

/** The sweep, once a minute; and what SES tells of the mails it was given. */
function whatHappensByItself(stack: Stack, { mail }: Kept, { mailEvents }: Queues, { slaCheck }: Functions): void {
  mail.tell(mailEvents);
  const event = RuleTargetInput.fromObject({ sweep: true });
  const sweep = new Rule(stack, 'Sweep', {
    description: 'Looks for timers that are near, once a minute.',
    schedule: Schedule.rate(Duration.minutes(1)),
    targets: [new LambdaFunction(slaCheck.function, { event, retryAttempts: 0 })],
  });
  acknowledge(
    sweep,
    'Serverless::Serverless-EventBusDLQ',
    'The next minute sweeps again, and an alarm hears the heart.',
  );
}

function whoMayDoWhat(
  { threads, blobs, policies, secrets, bus, mail }: Kept,
  { lanes, mails, waits }: Queues,
  functions: Functions,
) {
  const { intake, queries, routing, slaCheck, delivery, emailEvents } = functions;
  for (const target of Object.values(functions)) policies.connect(target);
  for (const target of [intake, queries, routing]) secrets.connect(target);
  threads.connect(intake, 'read', 'list', 'put', 'update');
  threads.connect(queries, 'read', 'list');
  threads.connect(routing, 'read', 'list', 'commit', 'queue');
  threads.connect(slaCheck, 'read', 'due');
  threads.connect(delivery, 'read', 'update');
  threads.connect(emailEvents, 'read', 'update');
  blobs.connect(intake, 'place');
  blobs.connect(queries, 'read');
  blobs.connect(routing, 'keep');
  blobs.connect(delivery, 'read');
  for (const target of [intake, routing, slaCheck, delivery, emailEvents]) lanes.connect(target);
  mails.connect(routing);
  waits.connect(routing);
  waits.connect(slaCheck);
  bus.grantPutEventsTo(routing.function);
  routing.tell(VARIABLES.bus, bus.eventBusName);
  mail.connect(delivery);
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

function tell(stack: Stack, outputs: Record<string, string>): void {
  for (const [name, value] of Object.entries(outputs)) new CfnOutput(stack, name, { value });
}

function queueOutputs(queues: Record<string, WorkQueue>): Record<string, string> {
  return Object.fromEntries(
    Object.values(queues).flatMap(({ node, queue, deadLetters }) => [
      [`${node.id}Queue`, queue.queueUrl],
      [`${node.id}DeadLetters`, deadLetters.queueUrl],
    ]),
  );
}

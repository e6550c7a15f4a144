/**
 * Meanwhile on AWS: this page is the architecture.
 *
 *   customers, agents ──▶ HttpApi ──▶ intake ──▶ Lanes ──▶ routing ──▶ ThreadTable
 *                            └──────▶ queries               │  ▲
 *                                                           ├──┼─▶ Mails ──▶ delivery ──▶ MailSending (SES)
 *                                                           ├──┼─▶ Events (bus)                │
 *                     every minute ──▶ sla-check ◀── Waits ◀┘  └── email-events ◀── MailEvents ◀┘
 *   customers, agents ──▶ MailReceiving (SES) ──▶ InboundMails ──▶ inbound-email ──▶ Lanes
 */
import { Annotations, CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { EventBus, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { Policy } from '../core/policy/policy.ts';
import { VARIABLES } from '../lambdas/runtime/environment.ts';
import { acknowledge } from './acknowledge.ts';
import { BlobBucket } from './constructs/blob-bucket.ts';
import { Dashboard } from './constructs/dashboard.ts';
import { HttpApi } from './constructs/http-api.ts';
import { MailReceiving } from './constructs/mail-receiving.ts';
import { MailSending } from './constructs/mail-sending.ts';
import { PoliciesLayer } from './constructs/policies-layer.ts';
import { ProductFunction } from './constructs/product-function.ts';
import { BusinessSecretsAccess } from './constructs/secrets-access.ts';
import { ThreadTable } from './constructs/thread-table.ts';
import { Watch } from './constructs/watch.ts';
import { WorkQueue } from './constructs/work-queue.ts';
import { checkMailIdentities, noticesThatComeBack } from './mail-identities.ts';
import { isKept } from './removal.ts';
import type { Settings } from './settings.ts';
import { watchProduct } from './watch-product.ts';

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
/** A flood of mail leaves room for those who write by the API. */
const INBOUND_WORKERS_MAX = 20;

export class MessagingStack extends Stack {
  constructor(scope: Construct, id: string, { settings, policies, ...props }: MessagingStackProps) {
    super(scope, id, { ...props, terminationProtection: isKept(settings) });
    checkMailIdentities(policies, settings);
    for (const team of noticesThatComeBack(policies)) Annotations.of(this).addWarningV2('meanwhile:notices', team);
    // Of each function the CDK says that it waits for its role, as its properties say too: nothing that we could mend.
    this.templateOptions.metadata = { 'cfn-lint': { config: { ignore_checks: ['W3005'] } } };
    const watch = new Watch(this, 'Watch', settings);
    const shared = { settings, watch };
    const kept = whatIsKept(this, settings, policies);
    const functions = whoWorks(this, shared);
    const queues = whatTheyWorkOn(this, shared, functions);
    whatHappensByItself(this, kept, queues, functions);
    const received = { settings, policies, blobs: kept.blobs, queue: queues.inboundMails };
    const { ruleSet, topic } = new MailReceiving(this, 'MailIn', received);
    whoMayDoWhat(kept, queues, functions, settings);
    const api = new HttpApi(this, 'Http', { ...shared, writes: functions.intake, reads: functions.queries });
    // The links of mails lead there.
    functions.delivery.tell(VARIABLES.apiUrl, api.api.apiEndpoint);
    watchProduct(watch);
    if (settings.dashboard) new Dashboard(this, 'Dashboard', { api, queues, functions });
    tell(this, {
      ApiUrl: api.url,
      ThreadTable: kept.threads.table.tableName,
      BlobBucket: kept.blobs.bucket.bucketName,
      EventBus: kept.bus.eventBusName,
      SecretsPrefix: kept.secrets.prefix,
      ReceiptRuleSet: ruleSet.receiptRuleSetName,
      InboundMailTopic: topic.topicArn,
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
    inboundEmail: new ProductFunction(stack, 'InboundEmail', {
      ...{ ...shared, folder: 'inbound-email', timeout: seconds(60), memoryMegabytes: 1_024 },
      impact: 'Mail from customers and agents is not read.',
    }),
  };
}

function whatTheyWorkOn(stack: Stack, shared: Shared, functions: Functions) {
  const { routing, delivery, slaCheck, emailEvents, inboundEmail } = functions;
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
    inboundMails: new WorkQueue(stack, 'InboundMails', {
      ...{ ...shared, worker: inboundEmail, variable: VARIABLES.inboundMailQueue, isFifo: false },
      impact: 'Mail from customers and agents is not read.',
      runbook: 'inbound-mails',
      // A mail may be as large as a function's memory has room for one.
      batch: { size: 1, within: Duration.seconds(0) },
      workersMax: INBOUND_WORKERS_MAX,
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
  { fileScan }: Settings,
) {
  const { intake, queries, routing, slaCheck, delivery, emailEvents, inboundEmail } = functions;
  for (const target of Object.values(functions)) policies.connect(target);
  for (const target of [intake, queries, routing, delivery, inboundEmail]) secrets.connect(target);
  threads.connect(intake, 'read', 'list', 'put', 'update');
  threads.connect(queries, 'read', 'list');
  threads.connect(routing, 'read', 'list', 'commit', 'queue');
  threads.connect(slaCheck, 'read', 'due');
  threads.connect(delivery, 'read', 'update', 'put');
  threads.connect(emailEvents, 'read', 'update', 'put');
  threads.connect(inboundEmail, 'read', 'put', 'update');
  blobs.connect(intake, 'place');
  blobs.connect(inboundEmail, 'receive');
  blobs.connect(queries, fileScan === 'required' ? 'judge' : 'show');
  queries.tell(VARIABLES.fileScan, fileScan);
  blobs.connect(routing, 'keep');
  blobs.connect(delivery, 'read');
  for (const target of [intake, routing, slaCheck, delivery, emailEvents, inboundEmail]) lanes.connect(target);
  mails.connect(routing);
  waits.connect(routing);
  waits.connect(slaCheck);
  bus.grantPutEventsTo(routing.function);
  routing.tell(VARIABLES.bus, bus.eventBusName);
  mail.connect(delivery);
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

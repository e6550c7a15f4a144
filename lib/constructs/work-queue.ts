/** A queue with its worker: what fails for good goes to a dead-letter queue that nobody overlooks. */
import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { DeduplicationScope, FifoThroughputLimit, Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Variable } from '../../lambdas/runtime/environment.ts';
import { acknowledge } from '../acknowledge.ts';
import { removalPolicyOf } from '../removal.ts';
import type { Settings } from '../settings.ts';
import type { ProductFunction } from './product-function.ts';
import { FIVE_MINUTES, type Watch } from './watch.ts';

export interface WorkQueueProps {
  worker: ProductFunction;
  /** Under which the worker, and whoever sends, finds the queue. */
  variable: Variable;
  /** Whether messages of a group keep their order. */
  isFifo: boolean;
  /** What customers notice when messages fail for good, or wait for too long. */
  impact: string;
  /** The anchor in docs/runbook.md of its dead letters; that of its age begins likewise. */
  runbook: string;
  settings: Settings;
  watch: Watch;
  /** How old a message may get before somebody has to look. @default 300 */
  oldestSeconds?: number;
  /** How many messages a worker is given at once, and how long it is waited for so many. @default 10, not at all */
  batch?: { size: number; within: Duration };
  /** How many workers at once. @default as many as there are groups, up to the account's limit */
  workersMax?: number;
}

/** Workers say themselves when a message comes again, so this only bounds how long a crash hides it. */
const VISIBILITY_SPARE = Duration.seconds(30);
/** Waiting for a provider is a receive too: the bound is for what makes the worker die, again and again. */
const RECEIVES_MAX = 1_000;
const BATCH_MAX = 10;
const OLDEST_SECONDS = 300;

export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: Queue;
  readonly #variable: Variable;

  constructor(scope: Construct, id: string, props: WorkQueueProps) {
    super(scope, id);
    const { worker, variable, isFifo, settings, workersMax, batch } = props;
    const kept = { retentionPeriod: Duration.days(14), enforceSSL: true, removalPolicy: removalPolicyOf(settings) };
    const fifo = isFifo
      ? {
          fifo: true,
          deduplicationScope: DeduplicationScope.MESSAGE_GROUP,
          fifoThroughputLimit: FifoThroughputLimit.PER_MESSAGE_GROUP_ID,
        }
      : {};
    this.#variable = variable;
    this.deadLetters = new Queue(this, 'DeadLetters', { ...kept, ...(isFifo ? { fifo: true } : {}) });
    this.queue = new Queue(this, 'Queue', {
      ...kept,
      ...fifo,
      visibilityTimeout: (worker.function.timeout ?? Duration.seconds(3)).plus(VISIBILITY_SPARE),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: RECEIVES_MAX },
    });
    worker.function.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: batch?.size ?? BATCH_MAX,
        ...(batch === undefined ? {} : { maxBatchingWindow: batch.within }),
        reportBatchItemFailures: true,
        ...(workersMax === undefined ? {} : { maxConcurrency: workersMax }),
      }),
    );
    worker.function.addToRolePolicy(
      new PolicyStatement({ actions: ['sqs:ChangeMessageVisibility'], resources: [this.queue.queueArn] }),
    );
    worker.tell(variable, this.queue.queueUrl);
    acknowledge(
      this.deadLetters,
      'Serverless::Serverless-SQSRedrivePolicy',
      'It is where messages end; an alarm watches it.',
    );
    this.#watch(id, props);
  }

  /** Lets a function send to the queue, and tells it where it is. */
  connect(target: ProductFunction): void {
    target.function.addToRolePolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }),
    );
    target.tell(this.#variable, this.queue.queueUrl);
  }

  #watch(id: string, { impact, runbook, watch, oldestSeconds = OLDEST_SECONDS }: WorkQueueProps): void {
    watch.alarm(`${id}DeadLetters`, {
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES }),
      above: 0,
      impact,
      runbook,
    });
    watch.alarm(`${id}Age`, {
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: FIVE_MINUTES }),
      above: oldestSeconds,
      impact,
      runbook: `${runbook}-age`,
    });
  }
}

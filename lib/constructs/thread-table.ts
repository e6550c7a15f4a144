/** The one table: keys and indexes as `adapters/aws/keys.ts` draws them. */
import { AttributeType, Billing, ProjectionType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { VARIABLES } from '../../lambdas/runtime/environment.ts';
import { isKept, removalPolicyOf } from '../removal.ts';
import type { Settings } from '../settings.ts';
import type { ProductFunction } from './product-function.ts';

/** What a function does with the table. */
const USES = {
  /** Loads heads, logs, outcomes and policies. */
  read: { actions: ['dynamodb:GetItem', 'dynamodb:Query'] },
  /** Lists threads: an index tells which, a batch get what they are. */
  list: {
    actions: ['dynamodb:BatchGetItem', 'dynamodb:Query'],
    indexes: ['inbox', 'assignee', 'customer', 'business'],
  },
  /** Finds what is due. */
  due: { actions: ['dynamodb:Query'], indexes: ['due'] },
  /** Commits: head, log and outcomes in one transaction; a pool with its rows; keeps policies and teams. */
  commit: { actions: ['dynamodb:ConditionCheckItem', 'dynamodb:PutItem'] },
  /** Takes a thread's place out of a queue: nothing else is ever deleted. */
  queue: { actions: ['dynamodb:DeleteItem'], partitions: ['*#POOL'] },
  /** Puts a keyed write's memory, a policy. */
  put: { actions: ['dynamodb:PutItem'] },
  /** Counts, claims, settles. */
  update: { actions: ['dynamodb:UpdateItem'] },
};
type Use = keyof typeof USES;

interface Grant {
  actions: string[];
  indexes?: string[];
  /** Only in partitions of such keys. */
  partitions?: string[];
}

/** Partition and sort key of each index, by its name. */
export const INDEXES = {
  inbox: ['inbox', 'place'],
  assignee: ['assignee', 'place'],
  customer: ['customer', 'pk'],
  business: ['business', 'pk'],
  due: ['due', 'dueAt'],
} as const;

export class ThreadTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    const text = (name: string) => ({ name, type: AttributeType.STRING });
    this.table = new TableV2(this, 'Table', {
      partitionKey: text('pk'),
      sortKey: text('sk'),
      billing: Billing.onDemand(),
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: isKept(settings) },
      deletionProtection: isKept(settings),
      removalPolicy: removalPolicyOf(settings),
      globalSecondaryIndexes: Object.entries(INDEXES).map(([indexName, [partition, sort]]) => ({
        indexName,
        partitionKey: text(partition),
        sortKey: text(sort),
        projectionType: ProjectionType.KEYS_ONLY,
      })),
    });
  }

  /** Lets a function do this with the table, and tells it which it is. */
  connect(target: ProductFunction, ...uses: Use[]): void {
    for (const use of uses) {
      const { actions, indexes = [], partitions } = USES[use] as Grant;
      const resources = [this.table.tableArn, ...indexes.map((index) => `${this.table.tableArn}/index/${index}`)];
      const conditions =
        partitions === undefined ? {} : { 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions } };
      target.function.addToRolePolicy(new PolicyStatement({ actions, resources, conditions }));
    }
    target.tell(VARIABLES.table, this.table.tableName);
  }
}

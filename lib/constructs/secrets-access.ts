/**
 * The businesses' secrets in SSM Parameter Store. They are made and rotated by `npm run secrets`, never by a template:
 * CloudFormation cannot make a SecureString, and a secret in a template would be none.
 */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { secretsPrefixOf, VARIABLES } from '../../lambdas/runtime/environment.ts';
import { acknowledgeWildcard } from '../acknowledge.ts';
import type { ProductFunction } from './product-function.ts';

export class BusinessSecretsAccess extends Construct {
  /** Of the parameters' names; a business's id follows. */
  readonly prefix: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.prefix = secretsPrefixOf(Stack.of(this).stackName);
  }

  /** Lets a function read them. Their encryption is by the account's key for SSM, which needs no grant. */
  connect(target: ProductFunction): void {
    const parameters = Stack.of(this).formatArn({
      service: 'ssm',
      resource: 'parameter',
      resourceName: `${this.prefix.slice(1)}*`,
    });
    target.function.addToRolePolicy(new PolicyStatement({ actions: ['ssm:GetParameter'], resources: [parameters] }));
    acknowledgeWildcard(
      target,
      `arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter${this.prefix}*`,
      'One parameter a business, of which there may be a thousand: all of this stack, and no others.',
    );
    target.tell(VARIABLES.secretsPrefix, this.prefix);
  }
}

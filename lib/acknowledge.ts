/** Rules of cdk-nag that do not hold here, each said where it is, with its reason. What is not said so is an error. */
import { type CfnElement, Stack, Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** Of both packs of rules that the stack is checked by. */
type Rule = `AwsSolutions::AwsSolutions-${string}` | `Serverless::Serverless-${string}`;

export function acknowledge(construct: IConstruct, id: Rule, reason: string): void {
  Validations.of(construct).acknowledge({ id, reason });
}

/** One wildcard in a function's permissions: `resource` as the rule writes it. */
export function acknowledgeWildcard(construct: IConstruct, resource: string, reason: string): void {
  acknowledge(construct, `AwsSolutions::AwsSolutions-IAM5[Resource::${resource}]`, reason);
}

/** How the rules write the ARN of a resource of the same stack. */
export function arnText(resource: IConstruct): string {
  const element = resource.node.defaultChild as CfnElement;
  return `<${Stack.of(resource).getLogicalId(element)}.Arn>`;
}

/** What becomes of data when a stack, or a part of it, is removed. */
import { RemovalPolicy } from 'aws-cdk-lib';
import type { Settings } from './settings.ts';

export function isKept({ stage }: Pick<Settings, 'stage'>): boolean {
  return stage === 'prod';
}

export function removalPolicyOf(settings: Pick<Settings, 'stage'>): RemovalPolicy {
  return isKept(settings) ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;
}

/** The stack, deployed as its owner would, and what stories are told of it: its outputs, and who may call it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CustomerKey } from '../../core/policy/business-secrets.ts';
import { ACCOUNT, ownerEnvironment, REGION, run, SCRATCH } from './commands.ts';

const STACK = 'Meanwhile-dev';
const CONFIG = 'test/e2e/e2e.config.ts';
const OUTPUTS = join(SCRATCH, 'outputs.json');
/** A custom resource that does not answer keeps a deployment for an hour. */
const DEPLOY_TIMEOUT_MS = 240_000;
const CONTEXT = [
  '-c',
  `config=${CONFIG}`,
  '-c',
  'mailIdentities=acme.example,brisk.example,giver.example,asker.example',
  '-c',
  'mailsPerSecond=20',
];

const CDK_OUT = join(SCRATCH, 'cdk.out');
export const TEMPLATE = join(CDK_OUT, `${STACK}.template.json`);

/** What may differ between two deployments. */
export interface Told {
  issuer: string;
  /** The target of acme's first replies. */
  firstReply: string;
}

export type Business = 'acme' | 'brisk' | 'giver' | 'asker';

export interface Deployment {
  endpoint: string;
  outputs: Record<string, string>;
  /** Where mails can be read that SES was given. */
  mails: string;
  issuer: string;
  customerKeys: Record<Business, CustomerKey & { alg: 'HS256' }>;
  agentTokens: Record<string, string>;
}

export async function bootstrap(endpoint: string): Promise<void> {
  await run('cdk', ['bootstrap', `aws://${ACCOUNT}/${REGION}`, '--no-notices'], ownerEnvironment(endpoint));
}

/** @returns the stack's outputs */
export async function deploy(endpoint: string, told: Told): Promise<Record<string, string>> {
  const environment = { ...ownerEnvironment(endpoint), ...variablesOf(told) };
  const files = ['--outputs-file', OUTPUTS, '--output', CDK_OUT];
  const options = ['--require-approval', 'never', '--no-notices', '--progress', 'events'];
  await run('cdk', ['deploy', STACK, ...options, ...CONTEXT, ...files], environment, DEPLOY_TIMEOUT_MS);
  return JSON.parse(readFileSync(OUTPUTS, 'utf8'))[STACK];
}

/** By `npm run secrets`, as the runbook says. @returns what it printed */
export function secrets(endpoint: string, business: string, ...command: string[]): Promise<string> {
  const args = ['run', '--silent', 'secrets', '--', ...command, '--stack', STACK, '--business', business];
  return run('npm', args, ownerEnvironment(endpoint));
}

function variablesOf({ issuer, firstReply }: Told): Record<string, string> {
  return { MEANWHILE_E2E_ISSUER: issuer, MEANWHILE_E2E_FIRST_REPLY: firstReply };
}

/** The policies of all businesses, as files beside the functions: a change of policy is a deployment of this alone. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Code, LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { buildSync } from 'esbuild';
import type { Policy } from '../../core/policy/policy.ts';
import { policyIndexOf } from '../../core/policy/policy-index.ts';
import { TEXT_JUDGE_FILE } from '../../core/rule/text-judge.ts';
import { VARIABLES } from '../../lambdas/runtime/environment.ts';
import { TARGET } from './bundling.ts';
import type { ProductFunction } from './product-function.ts';

/** In the layer, which Lambda unpacks at /opt. */
const FOLDER = 'policies';
/** A version is kept in the table as one item, of at most 400 KB. */
const POLICY_BYTES_MAX = 300_000;

/** A policy is larger than can be kept. */
class PolicyTooLarge extends Error {
  override readonly name = 'PolicyTooLarge';
}

export class PoliciesLayer extends Construct {
  readonly #layer: LayerVersion;

  /** @throws {PolicyTooLarge} */
  constructor(scope: Construct, id: string, policies: Policy[]) {
    super(scope, id);
    const layer = mkdtempSync(join(tmpdir(), 'meanwhile-policies-'));
    writePolicies(join(layer, FOLDER), policies);
    this.#layer = new LayerVersion(this, 'Layer', {
      code: Code.fromAsset(layer),
      description: `Policies of ${policies.length} business(es).`,
    });
  }

  connect(target: ProductFunction): void {
    target.use(this.#layer);
    target.tell(VARIABLES.policies, `/opt/${FOLDER}`);
  }
}

/** Writes what the functions read: a file for each policy, an index, what judges texts. @throws {PolicyTooLarge} */
export function writePolicies(folder: string, policies: Policy[]): void {
  mkdirSync(folder);
  for (const policy of policies) writeFileSync(join(folder, `${policy.id}.json`), policyText(policy));
  writeFileSync(join(folder, 'index.json'), JSON.stringify(policyIndexOf(policies)));
  const entryPoints = [fileURLToPath(new URL('../../core/rule/judge-text.ts', import.meta.url))];
  buildSync({
    entryPoints,
    outfile: join(folder, TEXT_JUDGE_FILE),
    bundle: true,
    minify: true,
    platform: 'node',
    target: TARGET,
  });
}

function policyText(policy: Policy): string {
  const text = JSON.stringify(policy);
  const bytes = Buffer.byteLength(text);
  if (bytes <= POLICY_BYTES_MAX) return text;
  throw new PolicyTooLarge(`The policy of ${policy.id} has ${bytes} bytes: at most ${POLICY_BYTES_MAX} can be kept.`);
}

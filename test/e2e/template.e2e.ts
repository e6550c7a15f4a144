import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bareEnvironment, run, SCRATCH } from './commands.ts';
import { TEMPLATE } from './deployment.ts';
import { PYTHON_TOOLS } from './emulator.ts';

const CFN_LINT = join(PYTHON_TOOLS, 'cfn-lint');
const PROD = join(SCRATCH, 'cdk.out-prod');
const NOBODY = {
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};

describe('the template', () => {
  it('as it was deployed: cfn-lint finds nothing', async () => {
    expect(await run(CFN_LINT, [TEMPLATE], bareEnvironment())).toBe('');
  });

  it('for production: synthesized without credentials, with alarms to an address; cfn-lint finds nothing', async () => {
    const settings = ['-c', 'stage=prod', '-c', 'alarmEmail=owner@acme.example'];
    const environment = { ...bareEnvironment(), ...NOBODY };
    await run('cdk', ['synth', '--quiet', '--no-notices', '--output', PROD, ...settings], environment);
    expect(await run(CFN_LINT, [join(PROD, 'Meanwhile-prod.template.json')], bareEnvironment())).toBe('');
  });
});

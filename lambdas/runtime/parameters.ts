/** SSM's parameters, by the function's own credentials. */
import { SsmParameters } from '../../adapters/aws/ssm-parameters.ts';
import { signedSettings } from './signed-settings.ts';

export function parameters(): SsmParameters {
  return new SsmParameters(signedSettings('SSM'));
}

/** The CDK app: settings in, stack out. */
import { App, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { loadPolicies } from '../adapters/node/config-file.ts';
import { MessagingStack } from '../lib/messaging-stack.ts';
import { readSettings } from '../lib/settings.ts';

const app = new App();
const settings = readSettings(app.node);
const policies = await loadPolicies(settings.config);
new MessagingStack(app, `Meanwhile-${settings.stage}`, { settings, policies });
Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));

/** The stack as a template, without bundling: which takes a second, and needs neither credentials nor Docker. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { MessagingStack } from '../../lib/messaging-stack.ts';
import { checkSettings, type SettingsInput } from '../../lib/settings.ts';
import { aPolicy } from '../builders.ts';

export interface Resource {
  Type: string;
  Properties: Record<string, unknown>;
  DeletionPolicy?: string;
}

/** Gives the stack, with the rules of cdk-nag in its app. */
export function aStack(settings: SettingsInput = {}): { app: App; stack: MessagingStack } {
  const outdir = mkdtempSync(join(tmpdir(), 'meanwhile-stack-'));
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] }, outdir });
  const whole = { mailIdentities: ['acme.example'], ...settings };
  const stack = new MessagingStack(app, 'Test', { settings: checkSettings(whole), policies: [aPolicy().source] });
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new ServerlessChecks(app));
  return { app, stack };
}

export function aTemplate(settings: SettingsInput = {}): Template {
  return Template.fromStack(aStack(settings).stack);
}

/** The resources of some types, by logical id. */
export function resourcesOf(template: Template, ...types: string[]): [string, Resource][] {
  const all = template.toJSON()['Resources'] as Record<string, Resource>;
  return Object.entries(all).filter(([, { Type }]) => types.includes(Type));
}

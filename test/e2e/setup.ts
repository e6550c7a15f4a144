/** Before the stories: the emulated account, the stack in it, its secrets, an issuer of agents' tokens. */
import { mkdirSync } from 'node:fs';
import type { TestProject } from 'vitest/node';
import { OidcIssuer } from '../support/oidc-issuer.ts';
import { SCRATCH } from './commands.ts';
import { bootstrap, type Deployment, deploy, secrets } from './deployment.ts';
import { Emulator, freePort, installEmulator } from './emulator.ts';
import { MailRecorder } from './mail-recorder.ts';
import { timed } from './report.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    deployment: Deployment;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  mkdirSync(SCRATCH, { recursive: true });
  await timed('install', 'the emulator, in pinned versions', installEmulator);
  const port = await freePort();
  const recorder = await MailRecorder.open(port);
  const issuer = await OidcIssuer.open();
  const emulator = await timed('start', 'the emulator', () => Emulator.start(port, recorder.url));
  const end = async () => {
    await emulator.stop();
    recorder.close();
    await issuer.close();
  };
  try {
    project.provide('deployment', await deployAll(emulator.endpoint, issuer, recorder.url));
  } catch (failure) {
    await end();
    throw failure;
  }
  return end;
}

async function deployAll(endpoint: string, issuer: OidcIssuer, mails: string): Promise<Deployment> {
  await timed('bootstrap', 'cdk bootstrap, the real one', () => bootstrap(endpoint));
  const told = { issuer: issuer.url, firstReply: '4h' };
  const outputs = await timed('deploy', 'cdk deploy of the real template and bundles', () => deploy(endpoint, told));
  const customerKeys = await timed('secrets', 'made and rotated as their owner does', async () => ({
    acme: await customerKeyOf(endpoint, 'acme'),
    brisk: await customerKeyOf(endpoint, 'brisk'),
    giver: await customerKeyOf(endpoint, 'giver'),
    asker: await customerKeyOf(endpoint, 'asker'),
  }));
  return { endpoint, outputs, mails, issuer: issuer.url, customerKeys, agentTokens: await tokensFrom(issuer) };
}

async function customerKeyOf(endpoint: string, business: string) {
  await secrets(endpoint, business, 'make');
  return JSON.parse(await secrets(endpoint, business, 'rotate', 'customer'));
}

/** Of agents, and some that must not count. */
async function tokensFrom(issuer: OidcIssuer): Promise<Record<string, string>> {
  const claims = (name: string, business: string) => {
    return { sub: name, email: `${name}@${business}.example`, email_verified: true, business };
  };
  return {
    ana: await issuer.token(claims('ana', 'acme')),
    ben: await issuer.token(claims('ben', 'acme')),
    eve: await issuer.token(claims('eve', 'acme')),
    uli: await issuer.token(claims('uli', 'brisk')),
    gus: await issuer.token(claims('gus', 'giver')),
    mia: await issuer.token(claims('mia', 'giver')),
    kim: await issuer.token(claims('kim', 'asker')),
    stranger: await issuer.token(claims('mallory', 'acme')),
    ofNoBusiness: await issuer.token({ sub: 'ana', email: 'ana@acme.example', email_verified: true }),
    forSomebodyElse: await issuer.token(claims('ana', 'acme'), { audience: 'another' }),
    expired: await issuer.token(claims('ana', 'acme'), { expires: '-1m' }),
  };
}

/** `npm run secrets`: makes, rotates and revokes a business's secrets, on AWS or on one machine. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ParameterStore } from '../adapters/aws/parameter-store.ts';
import { openSecretFile } from '../adapters/embedded/secret-file.ts';
import type { BusinessSecrets, CustomerKey } from '../core/policy/business-secrets.ts';
import * as rotation from '../core/policy/key-rotation.ts';
import { secretsPrefixOf } from '../lambdas/runtime/environment.ts';
import { runCommand } from './command.ts';

const USAGE = `npm run secrets -- COMMAND --business ID (--stack NAME | --data FOLDER)

  make               the first secrets; nothing where there are some
  show               which keys there are, and none of their secrets
  rotate customer    a new key for customers' tokens, printed once; the one before stays valid
                     with --public-key FILE (a JWK, Ed25519) instead of a shared secret
  rotate capability  a new key for visitors' tokens; the one before stays valid
  revoke KID         ends a key at once

  --stack NAME       on AWS, by your credentials: the stack, such as Meanwhile-prod
  --data FOLDER      on one machine, while it is stopped`;

/** Where secrets are kept. */
export interface SecretPlace {
  read(business: string): Promise<BusinessSecrets | undefined>;
  write(business: string, secrets: BusinessSecrets): Promise<void>;
  close(): void;
}

const options = {
  business: { type: 'string' },
  stack: { type: 'string' },
  data: { type: 'string' },
  'public-key': { type: 'string' },
} as const;

await runCommand(USAGE, async ({ refuse, print }) => {
  const { positionals, values } = parseArgs({ args: process.argv.slice(2), options, allowPositionals: true });
  const [command = '', what = ''] = positionals;
  const { business, stack, data } = values;
  if (business === undefined) return refuse('--business is needed.');
  if ((stack === undefined) === (data === undefined)) return refuse('--stack or --data is needed, and not both.');
  const place: SecretPlace =
    stack === undefined ? openSecretFile(data ?? '') : new ParameterStore(secretsPrefixOf(stack));
  try {
    const known = await place.read(business);
    if (command === 'make') {
      if (known === undefined) await place.write(business, rotation.freshSecrets(randomBytes));
      return print(known === undefined ? 'Made.' : 'There are secrets already: nothing was changed.');
    }
    if (known === undefined) return refuse(`There are no secrets for ${business}: make them first.`);
    if (command === 'show') return print(JSON.stringify(withoutSecrets(known), null, 2));
    if (command === 'revoke') return place.write(business, rotation.withoutKey(known, what));
    if (command === 'rotate' && what === 'capability') {
      return place.write(business, rotation.withCapabilityKey(known, randomBytes));
    }
    if (command !== 'rotate' || what !== 'customer') return refuse(`What is ${command} ${what}?`);
    const key = newCustomerKey(values['public-key']);
    await place.write(business, rotation.withCustomerKey(known, key));
    return print(JSON.stringify(key));
  } finally {
    place.close();
  }
});

function newCustomerKey(file: string | undefined): CustomerKey {
  if (file === undefined) return rotation.sharedKey(randomBytes);
  const { kty, crv, x } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  if (kty !== 'OKP' || crv !== 'Ed25519' || x === undefined) throw new RangeError(`${file} is no Ed25519 JWK.`);
  return rotation.publicKey(x, randomBytes);
}

function withoutSecrets({ customerKeys, capabilityKeys }: BusinessSecrets) {
  return {
    customerKeys: customerKeys.map(({ kid, alg }) => ({ kid, alg })),
    capabilityKeys: capabilityKeys.map(({ kid }) => kid),
  };
}

/** `npm run secrets`: makes, rotates and revokes a business's secrets, on AWS or on one machine. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ParameterStore } from '../adapters/aws/parameter-store.ts';
import { openSecretFile } from '../adapters/embedded/secret-file.ts';
import type { BusinessSecrets, CustomerKey } from '../core/policy/business-secrets.ts';
import * as rotation from '../core/policy/key-rotation.ts';
import { secretsPrefixOf } from '../lambdas/runtime/environment.ts';
import { Misuse, print, runCommand } from './command.ts';

const USAGE = `npm run secrets -- COMMAND --business ID (--stack NAME | --data FOLDER)

  make               the first secrets; nothing where there are some
  show               which keys there are, and none of their secrets
  rotate customer    a new key for customers' tokens, printed once; the one before stays valid
                     with --public-key FILE (a JWK, Ed25519) instead of a shared secret
  rotate capability  a new key for visitors' tokens; the one before stays valid
  rotate mail        a new key for the addresses that answers come back to; the one before stays valid
  revoke KID         ends a key at once
`;

/** Where secrets are kept. */
interface SecretPlace {
  read(business: string): Promise<BusinessSecrets | undefined>;
  write(business: string, secrets: BusinessSecrets): Promise<void>;
  close(): void;
}

await runCommand(USAGE, ['business', 'public-key'], async ({ words, options, place }) => {
  const { business } = options;
  if (business === undefined) throw new Misuse('--business is needed.');
  const secrets: SecretPlace =
    'stack' in place ? new ParameterStore(secretsPrefixOf(place.stack)) : openSecretFile(place.data);
  try {
    const known = await secrets.read(business);
    const change = changeOf(words, business, known, options['public-key']);
    if (change.secrets !== undefined) await secrets.write(business, change.secrets);
    print(change.say);
  } finally {
    secrets.close();
  }
});

/** What a command makes of the secrets, and what it says. */
function changeOf(
  [command = '', what = '']: string[],
  business: string,
  known: BusinessSecrets | undefined,
  publicKeyFile: string | undefined,
): { secrets?: BusinessSecrets; say: string } {
  if (command === 'make') {
    if (known !== undefined) return { say: 'There are secrets already: nothing was changed.' };
    return { secrets: rotation.freshSecrets(randomBytes), say: 'Made.' };
  }
  if (known === undefined) throw new Misuse(`There are no secrets for ${business}: make them first.`);
  if (command === 'show') return { say: JSON.stringify(withoutSecrets(known), null, 2) };
  if (command === 'revoke') return { secrets: rotation.withoutKey(known, what), say: 'Revoked.' };
  if (command === 'rotate' && what === 'capability') {
    return { secrets: rotation.withCapabilityKey(known, randomBytes), say: 'Rotated.' };
  }
  if (command === 'rotate' && what === 'mail') {
    return { secrets: rotation.withMailKey(known, randomBytes), say: 'Rotated.' };
  }
  if (command === 'rotate' && what === 'customer') {
    const key = newCustomerKey(publicKeyFile);
    return { secrets: rotation.withCustomerKey(known, key), say: JSON.stringify(key) };
  }
  throw new Misuse(`There is no command "${[command, what].join(' ').trim()}".`);
}

function newCustomerKey(file: string | undefined): CustomerKey {
  if (file === undefined) return rotation.sharedKey(randomBytes);
  const { kty, crv, x } = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  if (kty !== 'OKP' || crv !== 'Ed25519' || x === undefined) throw new Misuse(`${file} is no Ed25519 JWK.`);
  return rotation.publicKey(x, randomBytes);
}

function withoutSecrets({ customerKeys, capabilityKeys, mailKeys = [] }: BusinessSecrets) {
  return {
    customerKeys: customerKeys.map(({ kid, alg }) => ({ kid, alg })),
    capabilityKeys: capabilityKeys.map(({ kid }) => kid),
    mailKeys: mailKeys.map(({ kid }) => kid),
  };
}

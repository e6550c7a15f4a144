/** Secrets of the business of the tests, and a store that has them. */
import type { BusinessSecrets } from '../../core/policy/business-secrets.ts';
import { freshSecrets } from '../../core/policy/key-rotation.ts';
import type { Secrets } from '../../core/ports.ts';

export const testSecrets: BusinessSecrets = freshSecrets((count) => Buffer.alloc(count, 'a secret of the tests'));

export const knownSecrets: Secrets = { of: async () => testSecrets, refreshed: async () => testSecrets };

/** Where the API of the tests is. */
export const baseUrl = () => 'https://api.example';

/** Marks of a mail to which an answer goes where it came from. */
export const MARKS = { loop: 'ours', replyTo: null };

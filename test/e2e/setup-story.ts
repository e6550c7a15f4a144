/** In each file of stories: the environment of the account's owner, and patience for a busy machine. */
import { inject } from 'vitest';
import { patience } from '../support/eventually.ts';
import { ownerEnvironment } from './commands.ts';

const WAIT_MS = 120_000;

patience.ms = WAIT_MS;
const { endpoint, mails } = inject('deployment');
Object.assign(process.env, ownerEnvironment(endpoint), { AWS_ENDPOINT_URL_SESV2: mails });

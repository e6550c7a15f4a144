/** Every route that only reads. */
import type { Route } from '../route.ts';
import { agentReadRoutes } from './agent-reads.ts';
import { availabilityReadRoutes } from './availability.ts';
import { bothReadRoutes } from './both-reads.ts';
import { customerReadRoutes } from './customer-reads.ts';
import { ratingPageRoutes } from './rating-page.ts';
import { rawMailRoutes } from './raw-mail.ts';
import { recordReadRoutes } from './record-reads.ts';

export const readRoutes: Route[] = [
  ...customerReadRoutes,
  ...bothReadRoutes,
  ...agentReadRoutes,
  ...rawMailRoutes,
  ...ratingPageRoutes,
  ...availabilityReadRoutes,
  ...recordReadRoutes,
];

/** Every route that the deciders are asked by: for a change, or for what would come of one. */
import type { Route } from '../route.ts';
import { agentChangeRoutes } from './agent-changes.ts';
import { agentWriteRoutes } from './agent-writes.ts';
import { availabilityWriteRoutes } from './availability.ts';
import { customerWriteRoutes } from './customer-writes.ts';
import { hoursRoutes } from './hours.ts';
import { identityRoutes } from './identities.ts';
import { ratingRoutes } from './ratings.ts';
import { recordWriteRoutes } from './record-writes.ts';
import { uploadRoutes } from './uploads.ts';

export const writeRoutes: Route[] = [
  ...customerWriteRoutes,
  ...ratingRoutes,
  ...uploadRoutes,
  ...agentWriteRoutes,
  ...agentChangeRoutes,
  ...availabilityWriteRoutes,
  ...identityRoutes,
  ...recordWriteRoutes,
  ...hoursRoutes,
];

/** Every route by which somebody wishes for a change. */
import type { Route } from '../route.ts';
import { agentChangeRoutes } from './agent-changes.ts';
import { agentWriteRoutes } from './agent-writes.ts';
import { customerWriteRoutes } from './customer-writes.ts';
import { uploadRoutes } from './uploads.ts';

export const writeRoutes: Route[] = [
  ...customerWriteRoutes,
  ...uploadRoutes,
  ...agentWriteRoutes,
  ...agentChangeRoutes,
];

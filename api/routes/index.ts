/** The route table. */
import type { Route } from '../route.ts';
import { agentChangeRoutes } from './agent-changes.ts';
import { agentRoutes } from './agents.ts';
import { bothRoutes } from './both.ts';
import { customerRoutes } from './customers.ts';

export const routes: Route[] = [...customerRoutes, ...bothRoutes, ...agentRoutes, ...agentChangeRoutes];

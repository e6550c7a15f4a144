/** The route table, whole. A place that only reads or only writes takes its half. */
import type { Route } from '../route.ts';
import { readRoutes } from './reads.ts';
import { writeRoutes } from './writes.ts';

export const routes: Route[] = [...readRoutes, ...writeRoutes];

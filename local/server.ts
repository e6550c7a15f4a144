/** The HTTP server of one machine: the API, its document, uploads and downloads, and what is only for this machine. */
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { notFound, Problem, problemResponse } from '../api/problem.ts';
import packageJson from '../package.json' with { type: 'json' };
import { blobRoutes } from './blob-routes.ts';
import { localRoutes } from './local-routes.ts';
import { pageRoutes } from './page-routes.ts';
import type { Product } from './product.ts';

/** What @hono/node-server passes beside the request. */
interface NodeBindings {
  incoming: { socket: { remoteAddress?: string } };
}

export type ServerApp = Hono<{ Bindings: NodeBindings }>;

export function peerOf(bindings: NodeBindings): string {
  return bindings.incoming.socket.remoteAddress ?? '';
}

/** @param product everything but the server itself */
export function createServer(product: Product) {
  const pages: ServerApp = new Hono();
  pages.get('/health', (context) => context.json({ status: 'ok', version: packageJson.version }));
  blobRoutes(pages, product.stores.blobs);
  localRoutes(pages, product);
  pageRoutes(pages);
  pages.notFound(() => problemResponse(notFound('page')));
  pages.onError((failure) => {
    const broken = new Problem(500, 'internal', { detail: 'Something is broken here.' });
    return problemResponse(failure instanceof Problem ? failure : broken);
  });
  return createAdaptorServer({
    fetch: (request: Request, bindings: unknown) => {
      const node = bindings as NodeBindings;
      // Most requests are the API's: they do not pass the pages' router first.
      if (isApi(request.url)) return product.api.fetch(request, { address: peerOf(node) });
      return pages.fetch(request, node);
    },
  });
}

/** Whether a URL's path begins with /v1/, found without parsing it. */
function isApi(url: string): boolean {
  const path = url.indexOf('/', url.indexOf('//') + 2);
  return url.startsWith('/v1/', path);
}

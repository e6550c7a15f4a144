/** Pages for a person with a browser: where to look, the API's document, the mailbox. */
import { readFile } from 'node:fs/promises';
import type { ServerApp } from './server.ts';

const PAGES = {
  '/': 'index.html',
  '/docs': 'docs.html',
  '/local/mailbox': 'mailbox.html',
  '/local/threads': 'threads.html',
  '/local/samples': 'samples.html',
};
const STYLE = new URL('../web/pages.css', import.meta.url);
/** Of Swagger UI only what the page of the API needs. */
const SWAGGER_FILES: Record<string, string> = {
  'swagger-ui.css': 'text/css',
  'swagger-ui-bundle.js': 'text/javascript',
};
const swaggerFolder = import.meta.resolve('swagger-ui-dist/package.json');

export function pageRoutes(app: ServerApp): void {
  for (const [path, file] of Object.entries(PAGES)) {
    const url = new URL(`../web/${file}`, import.meta.url);
    app.get(path, async () => page(await readFile(url), 'text/html; charset=utf-8'));
  }
  app.get('/pages.css', async () => page(await readFile(STYLE), 'text/css'));
  app.get('/v1', ({ redirect }) => redirect('/docs'));
  app.get('/docs/:file', async ({ req, notFound }) => {
    const type = SWAGGER_FILES[req.param('file')];
    return type === undefined ? notFound() : page(await readFile(new URL(req.param('file'), swaggerFolder)), type);
  });
}

function page(content: Buffer, type: string): Response {
  return new Response(content as Uint8Array<ArrayBuffer>, { headers: { 'Content-Type': type } });
}

/** Uploads and downloads by signed link: what S3 does on AWS. */
import { cors } from 'hono/cors';
import type { FileBlobs } from '../adapters/embedded/file-blobs.ts';
import { Problem, problemResponse } from '../api/problem.ts';
import type { ServerApp } from './server.ts';

export function blobRoutes(app: ServerApp, blobs: FileBlobs): void {
  // As the API: a page of the business's own may upload and download with the link it was given.
  app.use('/blobs/*', cors({ origin: '*', allowHeaders: ['Content-Type'] }));
  app.put('/blobs/:token', async ({ req }) => {
    const grant = blobs.grantOf(req.param('token'), 'PUT');
    if (grant === undefined) return problem(403, 'link-not-valid', 'The link is forged or expired.');
    const told = Number(req.header('content-length') ?? Number.NaN);
    if (told !== grant.bytes) {
      return problem(413, 'wrong-size', `Exactly ${grant.bytes} bytes were announced: send a Content-Length of that.`);
    }
    if (req.header('content-type') !== grant.mediaType) {
      return problem(415, 'wrong-type', `The type ${grant.mediaType} was announced.`);
    }
    const bytes = new Uint8Array(await req.arrayBuffer());
    if (bytes.length !== grant.bytes) return problem(413, 'wrong-size', `Exactly ${grant.bytes} bytes were announced.`);
    const { name, mediaType } = grant;
    await blobs.store(grant.key, bytes, { name, mediaType, bytes: bytes.length });
    return new Response(null, { status: 200 });
  });

  app.get('/blobs/:token', async ({ req }) => {
    const grant = blobs.grantOf(req.param('token'), 'GET');
    const bytes = grant && (await blobs.get(grant.key));
    if (grant === undefined || bytes === undefined) {
      return problem(403, 'link-not-valid', 'The link is forged or expired.');
    }
    const headers = {
      'Content-Type': grant.mediaType,
      // Always saved, never shown: what strangers uploaded must not act in a page of this origin.
      'Content-Disposition': `attachment; filename*=UTF-8''${encodeFileName(grant.name)}`,
      'X-Content-Type-Options': 'nosniff',
      'Content-Security-Policy': 'sandbox',
      'Cache-Control': 'private, no-store',
    };
    return new Response(bytes as Uint8Array<ArrayBuffer>, { headers });
  });
}

/** RFC 8187: what is not allowed plain is percent-encoded, which encodeURIComponent does for all but these. */
function encodeFileName(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

function problem(status: number, code: string, detail: string): Response {
  return problemResponse(new Problem(status, code, { detail }));
}

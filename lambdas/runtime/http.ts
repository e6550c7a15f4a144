/** From an event of API Gateway's HTTP API (payload format 2.0) to a request of the Fetch standard, and back. */
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import type { Hono } from 'hono';
import type { Environment } from '../../api/app.ts';
import { withMetrics } from './metrics.ts';

/** A request needs one, and nothing looks at it. */
const ANY_HOST = 'https://api';
/** Methods that no `Request` may have (Fetch standard, §2.2.1): to the API they are others that it does not know. */
const FORBIDDEN = /^(connect|trace|track)$/i;

export function httpHandler(app: Hono<{ Bindings: Environment }>) {
  return (event: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2> =>
    withMetrics(async () => {
      const { sourceIp } = event.requestContext.http;
      return resultOf(await app.fetch(requestOf(event), { address: sourceIp }));
    });
}

function requestOf(event: APIGatewayProxyEventV2): Request {
  const { rawPath, rawQueryString, headers, body, isBase64Encoded, requestContext } = event;
  const url = new URL(ANY_HOST);
  url.pathname = rawPath; // which the gateway has decoded: what would end a path is escaped again
  url.search = rawQueryString;
  const { method } = requestContext.http;
  const bytes = body === undefined ? undefined : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  return new Request(url, {
    method: FORBIDDEN.test(method) ? `X-${method}` : method,
    headers: bytesOf(headers),
    ...(bytes === undefined || method === 'GET' || method === 'HEAD' ? {} : { body: bytes }),
  });
}

/** Every answer of the API is text; none sets a cookie. */
async function resultOf(response: Response): Promise<APIGatewayProxyStructuredResultV2> {
  const headers = Object.fromEntries(response.headers);
  return { statusCode: response.status, headers, body: await response.text() };
}

/** Headers as the bytes they were: of the text made of them, a `Request` does not take every letter. */
function bytesOf(headers: Record<string, string | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, Buffer.from(value, 'utf8').toString('latin1')]],
    ),
  );
}

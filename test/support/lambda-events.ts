/** Events as Lambda hands them to a function, from a queue or from the gateway. */
import type { APIGatewayProxyEventV2, SQSEvent, SQSRecord } from 'aws-lambda';
import type { LaneMessage } from '../../core/ports.ts';

let records = 0;

/** A record of a queue, of a FIFO queue where it names a group. */
export function aRecord(
  body: unknown,
  { group, id, receives = 1 }: { group?: string; id?: string; receives?: number } = {},
) {
  records += 1;
  const record: SQSRecord = {
    messageId: `message-${records}`,
    receiptHandle: `receipt-${records}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: {
      ApproximateReceiveCount: String(receives),
      SentTimestamp: '1795431600000',
      SenderId: 'AROAEXAMPLE:routing',
      ApproximateFirstReceiveTimestamp: '1795431600001',
      ...(group === undefined ? {} : { MessageGroupId: group, SequenceNumber: '18849496460467696128' }),
      ...(id === undefined ? {} : { MessageDeduplicationId: id }),
    },
    messageAttributes: {},
    md5OfBody: '0',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:eu-central-1:123456789012:queue',
    awsRegion: 'eu-central-1',
  };
  return record;
}

export function aLaneRecord({ lane, id, body }: LaneMessage, receives = 1): SQSRecord {
  return aRecord(body, { group: lane, id, receives });
}

export function anSqsEvent(...Records: SQSRecord[]): SQSEvent {
  return { Records };
}

interface Call {
  headers?: Record<string, string>;
  query?: string;
  body?: string | Uint8Array;
  sourceIp?: string;
  cookies?: string[];
}

/** A call as an HTTP API hands it on, payload format 2.0. A body of bytes comes as base64. */
export function anHttpEvent(method: string, rawPath: string, call: Call = {}): APIGatewayProxyEventV2 {
  const { headers = {}, query = '', body, sourceIp = '192.0.2.7', cookies } = call;
  const isBase64Encoded = body instanceof Uint8Array;
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath,
    rawQueryString: query,
    headers: { host: 'api.example', 'x-forwarded-proto': 'https', ...headers },
    ...(cookies === undefined ? {} : { cookies }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'api',
      domainName: 'api.execute-api.eu-central-1.amazonaws.com',
      domainPrefix: 'api',
      http: { method, path: rawPath, protocol: 'HTTP/1.1', sourceIp, userAgent: 'agent' },
      requestId: 'request',
      routeKey: '$default',
      stage: '$default',
      time: '23/Nov/2026:11:00:00 +0000',
      timeEpoch: 1_795_431_600_000,
    },
    ...(body === undefined ? {} : { body: isBase64Encoded ? Buffer.from(body).toString('base64') : body }),
    isBase64Encoded,
  };
}

/**
 * What AWS asks for, in dollars, in us-east-1: the price pages of each service, as of November 2026, before any free
 * tier. Taxes, transfer to the internet and SES itself ($0.10 a thousand mails) are left out.
 */

export const PRICED_AT = '2026-11';

const MILLION = 1_000_000;
const THOUSAND = 1_000;
const GIGABYTE = 1_000_000_000;

/** By what is counted: the price of one. */
export const PRICES = {
  'HTTP API requests': 1.0 / MILLION,
  'Lambda invocations': 0.2 / MILLION,
  'Lambda GB-seconds (arm64)': 0.0000133334,
  'DynamoDB write units': 0.625 / MILLION,
  'DynamoDB index write units': 0.625 / MILLION,
  'DynamoDB read units': 0.125 / MILLION,
  'SQS FIFO requests': 0.5 / MILLION,
  'SQS requests': 0.4 / MILLION,
  'EventBridge events': 1.0 / MILLION,
  'S3 writes': 0.005 / THOUSAND,
  'S3 reads': 0.0004 / THOUSAND,
  'SSM reads': 0,
  'log bytes': 0.5 / GIGABYTE,
} as const;

export type Counted = keyof typeof PRICES;

/** By the month, whatever happens; each can be switched off (`alarms`, `dashboard`) but the metrics. */
export const MONTHLY = { alarm: 0.1, dashboard: 3.0, metric: 0.3 } as const;

import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SendEmailCommand } from '@aws-sdk/client-sesv2';
import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import * as clients from '../../../adapters/aws/clients.ts';
import { AwsEndpoint } from '../../support/aws-endpoint.ts';

type Use = () => { client: { config: { requestHandler: object } }; answer: Promise<object> };

const REPEATABLE: Record<string, Use> = {
  GetItem: () => {
    const client = clients.dynamoClient();
    return { client, answer: client.send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'a' } } })) };
  },
  SendMessageBatch: () => {
    const client = clients.sqsClient();
    return { client, answer: client.send(new SendMessageBatchCommand({ QueueUrl: `${aws.url}/q`, Entries: [] })) };
  },
  PutEvents: () => {
    const client = clients.eventBridgeClient();
    return { client, answer: client.send(new PutEventsCommand({ Entries: [] })) };
  },
};
const sendEmail: Use = () => {
  const client = clients.sesClient();
  const Simple = { Subject: { Data: 's' }, Body: { Text: { Data: 't' } } };
  return { client, answer: client.send(new SendEmailCommand({ Content: { Simple } })) };
};

let aws: AwsEndpoint;
beforeEach(async () => {
  aws = await AwsEndpoint.open();
  const environment = { AWS_ENDPOINT_URL: aws.url, AWS_REGION: 'eu-central-1' };
  const credentials = { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' };
  for (const [name, value] of Object.entries({ ...environment, ...credentials })) vi.stubEnv(name, value);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await aws.close();
});

describe('the clients', () => {
  it.each(Object.entries(REPEATABLE))(
    'make a call that may be made again (%s) at most three times',
    async (name, use) => {
      aws.on(name, { failure: 'InternalServerError', status: 500 });
      await expect(use().answer).rejects.toThrow();
      expect(aws.operations).toEqual([name, name, name]);
    },
  );

  it.each(Object.entries(REPEATABLE))('do not give a call up (%s) because one answer was lost', async (name, use) => {
    aws.on(name, () => (aws.calls.length === 1 ? 'hang-up' : {}));
    await expect(use().answer).resolves.toBeDefined();
    expect(aws.operations).toEqual([name, name]);
  });

  it.each([
    { failure: 'InternalServiceErrorException', status: 500 },
    { failure: 'TooManyRequestsException', status: 429 },
    'hang-up' as const,
  ])('never send a mail a second time by themselves, also where the first ended so: %j', async (answer) => {
    aws.on('SendEmail', answer);
    await expect(sendEmail().answer).rejects.toThrow();
    expect(aws.operations).toEqual(['SendEmail']);
  });

  it.each([
    ...Object.entries(REPEATABLE).map(([name, use]) => [name, use, 3_000] as const),
    // A mail with attachments takes its time.
    ['SendEmail', sendEmail, 30_000] as const,
  ])('wait for an answer, and for the rest of it, no longer than they should: %s', async (name, use, longestMs) => {
    aws.on(name, {});
    const { client, answer } = use();
    await answer;
    // Its settings are there from its first use on.
    const settings = (client.config.requestHandler as { httpHandlerConfigs(): object }).httpHandlerConfigs();
    expect(settings).toMatchObject({
      requestTimeout: longestMs,
      socketTimeout: longestMs,
      throwOnRequestTimeout: true,
    });
    expect(settings).toMatchObject({ connectionTimeout: name === 'SendEmail' ? 2_000 : 1_000 });
  });
});

/** Clients of AWS, each with a timeout and a bounded retry. Region and endpoint come from the environment. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SQSClient } from '@aws-sdk/client-sqs';

/** Every call but sending mail is idempotent, so that it may be made again. */
const ATTEMPTS = 3;
const requestHandler = within(1_000, 3_000);
/** A mail with attachments takes its time; and whether one that was given up has gone out, nobody knows. */
const mailHandler = within(2_000, 30_000);

export function dynamoClient(): DynamoDBClient {
  return new DynamoDBClient({ maxAttempts: ATTEMPTS, requestHandler });
}

export function sqsClient(): SQSClient {
  return new SQSClient({ maxAttempts: ATTEMPTS, requestHandler });
}

export function eventBridgeClient(): EventBridgeClient {
  return new EventBridgeClient({ maxAttempts: ATTEMPTS, requestHandler });
}

/** Sends without retries: SES has no idempotency token, so a second try would be a second mail. */
export function sesClient(): SESv2Client {
  return new SESv2Client({ maxAttempts: 1, requestHandler: mailHandler });
}

/** The time for a request ends where its answer begins: only the socket's ends an answer that stalls on the way. */
function within(connectionTimeout: number, requestTimeout: number) {
  return { connectionTimeout, requestTimeout, socketTimeout: requestTimeout, throwOnRequestTimeout: true };
}

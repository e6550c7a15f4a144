/** The buses: SES's events on the account's own, and the product's as another system sees them. */
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { sqsClient } from '../../adapters/aws/clients.ts';
import type { CloudEvent } from '../../core/effect/cloud-event.ts';
import type { RecordedMail } from './mail-recorder.ts';

const events = new EventBridgeClient();
const sqs = sqsClient();

/** What SES tells beside the mail, by the kind of event (SES developer guide, "SES events schema"). */
const TOLD = {
  'Email Sent': { eventType: 'Send', send: {} },
  'Email Delivery Delayed': {
    eventType: 'DeliveryDelay',
    deliveryDelay: { delayType: 'MailboxFull', delayedRecipients: [] },
  },
  'Email Delivered': { eventType: 'Delivery', delivery: { recipients: [] } },
  'Email Bounced': {
    eventType: 'Bounce',
    bounce: { bounceType: 'Permanent', bounceSubType: 'General', bouncedRecipients: [], feedbackId: 'f-1' },
  },
  'Email Complaint Received': {
    eventType: 'Complaint',
    complaint: { complaintFeedbackType: 'abuse', complainedRecipients: [], feedbackId: 'f-2' },
  },
  'Email Rejected': { eventType: 'Reject', reject: { reason: 'Bad content' } },
} as const;

/** Puts an event on the account's bus as SES would, of a mail that it was given. */
export async function sesTells(kind: keyof typeof TOLD, mail: RecordedMail): Promise<void> {
  const { tags, configurationSet, messageId, from, to } = mail;
  const own = Object.fromEntries(Object.entries(tags).map(([name, value]) => [name, [value]]));
  const detail = {
    ...TOLD[kind],
    mail: {
      ...{ timestamp: new Date().toISOString(), messageId, source: from, destination: [to] },
      tags: { ...own, 'ses:configuration-set': [configurationSet], 'ses:operation': ['SendEmail'] },
    },
  };
  const Entries = [{ Source: 'aws.ses', DetailType: kind, Detail: JSON.stringify(detail) }];
  const { FailedEntryCount = 0 } = await events.send(new PutEventsCommand({ Entries }));
  if (FailedEntryCount > 0) throw new Error('The bus did not take the event.');
}

/** Another system that subscribes to the product's bus by a queue of its own. */
export class Subscriber {
  readonly #queueUrl: string;
  readonly #seen: CloudEvent[] = [];

  private constructor(queueUrl: string) {
    this.#queueUrl = queueUrl;
  }

  static async of(bus: string, name: string): Promise<Subscriber> {
    const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
    const { Attributes = {} } = await sqs.send(asked);
    const EventPattern = JSON.stringify({ source: ['meanwhile'] });
    await events.send(new PutRuleCommand({ Name: name, EventBusName: bus, EventPattern }));
    const Targets = [{ Id: 'queue', Arn: Attributes['QueueArn'] }];
    await events.send(new PutTargetsCommand({ Rule: name, EventBusName: bus, Targets }));
    return new Subscriber(QueueUrl);
  }

  /** All that has come so far. */
  async seen(): Promise<CloudEvent[]> {
    for (;;) {
      const asked = { QueueUrl: this.#queueUrl, MaxNumberOfMessages: 10 };
      const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(asked));
      if (Messages.length === 0) return this.#seen;
      for (const { Body = '', ReceiptHandle } of Messages) {
        this.#seen.push(JSON.parse(Body).detail);
        await sqs.send(new DeleteMessageCommand({ QueueUrl: this.#queueUrl, ReceiptHandle }));
      }
    }
  }
}

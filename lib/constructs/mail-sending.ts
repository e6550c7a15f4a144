/** SES: what we may send as, and what it tells of each mail afterwards. */
import { Stack } from 'aws-cdk-lib';
import { EventBus, Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  ConfigurationSet,
  EmailIdentity,
  EmailSendingEvent,
  EventDestination,
  Identity,
  type IEmailIdentity,
  SuppressionReasons,
} from 'aws-cdk-lib/aws-ses';
import { Construct } from 'constructs';
import { VARIABLES } from '../../lambdas/runtime/environment.ts';
import { removalPolicyOf } from '../removal.ts';
import type { Settings } from '../settings.ts';
import type { ProductFunction } from './product-function.ts';
import type { WorkQueue } from './work-queue.ts';

/** Of automatic mails only what went wrong is of interest: so the many that went well cost nothing. */
const TROUBLE = ['Email Bounced', 'Email Complaint Received', 'Email Rejected'];
/** Of a reply agents see how far it is. */
const PROGRESS = ['Email Sent', 'Email Delivered', 'Email Delivery Delayed'];
const EVENTS = [
  EmailSendingEvent.SEND,
  EmailSendingEvent.DELIVERY,
  EmailSendingEvent.DELIVERY_DELAY,
  EmailSendingEvent.BOUNCE,
  EmailSendingEvent.COMPLAINT,
  EmailSendingEvent.REJECT,
];

export class MailSending extends Construct {
  readonly configurationSet: ConfigurationSet;
  readonly #made: EmailIdentity[];
  readonly #existing: IEmailIdentity[];

  constructor(scope: Construct, id: string, settings: Settings) {
    super(scope, id);
    this.configurationSet = new ConfigurationSet(this, 'ConfigurationSet', {
      suppressionReasons: SuppressionReasons.BOUNCES_AND_COMPLAINTS,
    });
    this.configurationSet.addEventDestination('Events', {
      destination: EventDestination.eventBus(EventBus.fromEventBusName(this, 'DefaultBus', 'default')),
      events: EVENTS,
    });
    this.#made = settings.mailIdentities.map((name) => {
      const identity = new EmailIdentity(this, idOf(name), {
        identity: name.includes('@') ? Identity.email(name) : Identity.domain(name),
      });
      identity.applyRemovalPolicy(removalPolicyOf(settings));
      return identity;
    });
    this.#existing = settings.existingMailIdentities.map((name) =>
      EmailIdentity.fromEmailIdentityName(this, idOf(name), name),
    );
  }

  /** Lets a function send as these identities, by this configuration set. */
  connect(target: ProductFunction): void {
    const set = Stack.of(this).formatArn({
      service: 'ses',
      resource: 'configuration-set',
      resourceName: this.configurationSet.configurationSetName,
    });
    const identities = [...this.#made, ...this.#existing].map(({ emailIdentityArn }) => emailIdentityArn);
    target.function.addToRolePolicy(
      new PolicyStatement({ actions: ['ses:SendEmail'], resources: [...identities, set] }),
    );
    target.tell(VARIABLES.configurationSet, this.configurationSet.configurationSetName);
  }

  /** What the owner of each domain has to put into its DNS, so that SES may sign for it. */
  dkimRecords(): Record<string, string> {
    const domains = this.#made.filter(({ node }) => !node.id.includes('@'));
    return Object.fromEntries(
      domains.flatMap(({ node, dkimRecords }) =>
        dkimRecords.map(({ name, value }, index) => [`Dkim-${node.id}-${index + 1}`, `${name} CNAME ${value}`]),
      ),
    );
  }

  /** Sends what SES tells of our mails to a queue; what cannot be brought there, to its dead letters. */
  tell({ queue, deadLetters }: WorkQueue): void {
    const set = { 'ses:configuration-set': [this.configurationSet.configurationSetName] };
    new Rule(this, 'Trouble', {
      eventPattern: { source: ['aws.ses'], detailType: TROUBLE, detail: { mail: { tags: set } } },
      targets: [new SqsQueue(queue, { deadLetterQueue: deadLetters })],
    });
    new Rule(this, 'RepliesSent', {
      eventPattern: {
        source: ['aws.ses'],
        detailType: PROGRESS,
        detail: { mail: { tags: { ...set, kind: ['reply'] } } },
      },
      targets: [new SqsQueue(queue, { deadLetterQueue: deadLetters })],
    });
  }
}

/** A name as a construct's id. */
function idOf(identity: string): string {
  return identity.replace(/[^A-Za-z0-9@]/g, '-');
}

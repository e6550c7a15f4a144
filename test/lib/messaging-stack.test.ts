import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SES_EVENT_TYPES } from '../../adapters/aws/ses-event.ts';
import type { SettingsInput } from '../../lib/settings.ts';
import { aStack, aTemplate, type Resource, resourcesOf } from '../support/stack.ts';

const dev = aTemplate();
const prod = aTemplate({ stage: 'prod' });
const STATEFUL = ['AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket', 'AWS::SQS::Queue', 'AWS::SES::EmailIdentity'];
const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

function environmentOf({ Properties }: Resource): string[] {
  const { Variables = {} } = (Properties['Environment'] ?? {}) as { Variables?: Record<string, unknown> };
  return Object.keys(Variables).filter((name) => name !== 'AWS_NODEJS_CONNECTION_REUSE_ENABLED');
}

/** The functions of the product, each by its construct's id. */
const functions = resourcesOf(dev, 'AWS::Lambda::Function')
  .filter(([id]) => !id.startsWith('Custom'))
  .map(([id, resource]) => [id.replace(/Function[0-9A-F]{8}$/, ''), resource] as const);

const kebab = (id: string): string => id.replace(/(?<!^)([A-Z])/g, '-$1').toLowerCase();

describe('the stack', () => {
  it('satisfies every rule of cdk-nag, but those that are acknowledged with a reason', () => {
    const whole: SettingsInput = { stage: 'prod', alarmEmail: 'ops@acme.example', fileScan: 'required' };
    const bare: SettingsInput = { alarms: false, dashboard: false, existingMailIdentities: ['help@acme.example'] };
    expect(() => aStack(whole).app.synth()).not.toThrow();
    expect(() => aStack(bare).app.synth()).not.toThrow();
  });

  it('keeps the names of what holds data: another name would be another, empty one', () => {
    expect(resourcesOf(dev, ...STATEFUL).map(([id]) => id)).toEqual([
      'ThreadsTable5BA5DD23',
      'BlobsBucket1038ED5D',
      'Mailacmeexample06B866D3',
      'LanesDeadLetters0041E4CC',
      'LanesQueue6F9BA661',
      'MailsDeadLetters192EF268',
      'MailsQueue94113AC9',
      'WaitsDeadLetters6AF98B96',
      'WaitsQueue102F8B53',
      'MailEventsDeadLetters5472309B',
      'MailEventsQueue43D7E7F5',
      'InboundMailsDeadLetters802392B1',
      'InboundMailsQueue24085EDC',
    ]);
  });

  it('keeps what holds data in production, and lets development be destroyed', () => {
    const policiesIn = (template: typeof dev) =>
      new Set(resourcesOf(template, ...STATEFUL).map(([, { DeletionPolicy }]) => DeletionPolicy));
    expect(policiesIn(prod)).toEqual(new Set(['Retain']));
    expect(policiesIn(dev)).toEqual(new Set(['Delete']));
    expect(aStack({ stage: 'prod' }).stack.terminationProtection).toBe(true);
  });

  it('protects the table of production, and can bring back any second of it', () => {
    const replica = (isProtected: boolean) => ({
      Replicas: [
        {
          DeletionProtectionEnabled: isProtected,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: isProtected },
        },
      ],
    });
    prod.hasResourceProperties('AWS::DynamoDB::GlobalTable', replica(true));
    dev.hasResourceProperties('AWS::DynamoDB::GlobalTable', replica(false));
  });

  it('indexes threads by keys alone, so that an index costs as little as it can', () => {
    const [[, table] = ['', undefined]] = resourcesOf(dev, 'AWS::DynamoDB::GlobalTable');
    const indexes = table?.Properties['GlobalSecondaryIndexes'] as { Projection: object }[];
    expect(indexes).toHaveLength(5);
    expect(indexes.map(({ Projection }) => Projection)).toEqual(indexes.map(() => ({ ProjectionType: 'KEYS_ONLY' })));
  });

  it('gives every queue dead letters, which are kept for as long as can be', () => {
    const queues = resourcesOf(dev, 'AWS::SQS::Queue');
    expect(queues).toHaveLength(10);
    expect(queues.filter(([, { Properties }]) => Properties['RedrivePolicy'] !== undefined)).toHaveLength(5);
    expect(queues.every(([, { Properties }]) => Properties['MessageRetentionPeriod'] === 14 * 86_400)).toBe(true);
  });

  it('hides a message for longer than its worker may take', () => {
    const timeoutOf = Object.fromEntries(
      functions.map(([id, { Properties }]) => [id, Properties['Timeout'] as number]),
    );
    const ofMail = { Mails: 'Delivery', MailEvents: 'EmailEvents', InboundMails: 'InboundEmail' };
    const workers = { Lanes: 'Routing', Waits: 'SlaCheck', ...ofMail };
    const queues = resourcesOf(dev, 'AWS::SQS::Queue');
    for (const [queue, worker] of Object.entries(workers)) {
      const found = queues.find(([id]) => id.startsWith(`${queue}Queue`))?.[1];
      expect(found?.Properties['VisibilityTimeout'], queue).toBeGreaterThan(timeoutOf[worker] ?? 0);
    }
  });

  it('reports the failures of a batch message by message', () => {
    const mappings = resourcesOf(dev, 'AWS::Lambda::EventSourceMapping');
    expect(mappings).toHaveLength(5);
    for (const [, { Properties }] of mappings) {
      expect(Properties['FunctionResponseTypes']).toEqual(['ReportBatchItemFailures']);
    }
  });

  it('sweeps once a minute', () => {
    dev.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
  });

  it('hears the provider of every trouble, and of what it sent only where somebody waits to know', () => {
    const patterns = resourcesOf(dev, 'AWS::Events::Rule').flatMap(([, { Properties }]) =>
      Properties['EventPattern'] === undefined ? [] : [Properties['EventPattern'] as { 'detail-type': string[] }],
    );
    expect(patterns.flatMap((pattern) => pattern['detail-type']).sort()).toEqual([...SES_EVENT_TYPES].sort());
  });

  it('sends every method that writes to the function that writes, and the rest to the one that reads', () => {
    const routes = resourcesOf(dev, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
      return [Properties['RouteKey'], JSON.stringify(Properties['Target'])] as const;
    });
    const [[, reads] = []] = routes.filter(([key]) => key === '$default');
    const others = routes.filter(([, target]) => target !== reads).map(([key]) => key);
    expect(others.sort()).toEqual(['DELETE /v1/{proxy+}', 'GET /v1/hours', 'POST /v1/{proxy+}', 'PUT /v1/{proxy+}']);
  });

  it('throttles the API, and logs no address and no path of a caller', () => {
    const [[, stage] = ['', undefined]] = resourcesOf(aTemplate({ requestsPerSecond: 7 }), 'AWS::ApiGatewayV2::Stage');
    expect(stage?.Properties['DefaultRouteSettings']).toMatchObject({ ThrottlingRateLimit: 7 });
    expect(JSON.stringify(stage?.Properties['AccessLogSettings'])).not.toMatch(
      /sourceIp|context\.path|userAgent|authorizer/,
    );
  });
});

describe('the functions', () => {
  it('are those of lambdas/', () => {
    const folders = readdirSync(new URL('../../lambdas', import.meta.url)).filter((name) => name !== 'runtime');
    expect(functions.map(([id]) => kebab(id)).sort()).toEqual(folders.sort());
  });

  it('run Node 24 on arm64, and log JSON into groups of their own that end', () => {
    for (const [id, { Properties }] of functions) {
      expect(Properties, id).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        LoggingConfig: { LogFormat: 'JSON' },
      });
    }
    const groups = resourcesOf(dev, 'AWS::Logs::LogGroup');
    expect(groups.map(([, { Properties }]) => Properties['RetentionInDays'])).toEqual(groups.map(() => 30));
  });

  it.each(functions)('%s is told by its environment exactly what it reads', (id, resource) => {
    const sources = [`lambdas/${kebab(id)}/handler.ts`];
    const names = sources.flatMap((path) =>
      [...read(path).matchAll(/'([A-Z]+(?:_[A-Z]+)+)'/g)].map(([, name]) => name),
    );
    expect(environmentOf(resource).sort()).toEqual([...new Set(names)].sort());
  });
});

describe('alarms', () => {
  const alarms = resourcesOf(dev, 'AWS::CloudWatch::Alarm');

  it('say what customers notice, and where to read what to do', () => {
    const anchors = [...read('docs/runbook.md').matchAll(/^## (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^a-z0-9 -]/g, '')
        .replaceAll(' ', '-'),
    );
    const told = alarms.map(([, { Properties }]) => String(Properties['AlarmDescription']));
    for (const description of told) {
      const [, impact, anchor] = /^(.{20,}) What to do: docs\/runbook\.md#([a-z-]+)$/.exec(description) ?? [];
      expect(impact, description).toBeDefined();
      expect(anchors).toContain(anchor);
    }
    const named = new Set(told.map((description) => description.split('#')[1]));
    expect(
      anchors.filter((anchor) => !named.has(anchor)),
      'of the runbook, for no alarm',
    ).toEqual([]);
  });

  it('watch every queue, every function, the API, the sweep and the reputation', () => {
    const ids = alarms.map(([id]) => id.replace(/^Watch|[0-9A-F]{8}$/g, ''));
    const queues = ['Lanes', 'Mails', 'Waits', 'MailEvents', 'InboundMails'].flatMap((id) => [
      `${id}DeadLetters`,
      `${id}Age`,
    ]);
    const errors = functions.flatMap(([id]) => [`${id}Errors`, `${id}Throttles`]);
    const others = ['ApiErrors', 'SweepHeartbeat', 'SetAsides', 'BounceRate', 'ComplaintRate'];
    expect(ids.sort()).toEqual([...queues, ...errors, ...others].sort());
  });

  it('go to somebody, when they go off and when they are over', () => {
    for (const [id, { Properties }] of alarms) {
      expect(Properties['AlarmActions'], id).toHaveLength(1);
      expect(Properties['OKActions'], id).toHaveLength(1);
    }
    const told = aTemplate({ alarmEmail: 'ops@acme.example' });
    told.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ops@acme.example' });
  });

  it('take silence of the sweep for trouble', () => {
    dev.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'TimersSwept',
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'breaching',
    });
  });

  it('and the dashboard can be left out, since they cost by the month', () => {
    const bare = aTemplate({ alarms: false, dashboard: false });
    expect(resourcesOf(bare, 'AWS::CloudWatch::Alarm', 'AWS::CloudWatch::Dashboard')).toEqual([]);
    expect(resourcesOf(bare, 'AWS::SNS::Topic').map(([id]) => id)).toEqual([expect.stringMatching(/^MailIn/)]);
  });
});

describe('identities that SES knows already', () => {
  it('are used, and not made', () => {
    const template = aTemplate({ mailIdentities: [], existingMailIdentities: ['acme.example'] });
    expect(resourcesOf(template, 'AWS::SES::EmailIdentity')).toEqual([]);
    expect(JSON.stringify(template.toJSON())).toContain(':identity/acme.example');
  });
});

describe('mail that comes in', () => {
  it('is put into the bucket, and told to the queue with SES’s verdicts; addresses that nobody has are refused', () => {
    const [[, rule] = ['', undefined]] = resourcesOf(dev, 'AWS::SES::ReceiptRule');
    expect(rule?.Properties['Rule']).toMatchObject({
      ScanEnabled: true,
      Recipients: expect.arrayContaining(['support@acme.example', 'billing@acme.example']),
      Actions: [{ S3Action: { ObjectKeyPrefix: 'mail/', TopicArn: expect.anything() } }],
    });
    dev.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'sqs', RawMessageDelivery: true });
  });

  it('is not taken by deploying alone: no rule set is made active', () => {
    expect(JSON.stringify(dev.toJSON())).not.toMatch(/SetActiveReceiptRuleSet/);
  });

  it('may go by the rule set that the account has', () => {
    const template = aTemplate({ receiptRuleSet: 'theirs' });
    expect(resourcesOf(template, 'AWS::SES::ReceiptRuleSet')).toEqual([]);
    template.hasResourceProperties('AWS::SES::ReceiptRule', { RuleSetName: 'theirs' });
  });
});

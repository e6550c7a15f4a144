import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { aTemplate, resourcesOf } from '../support/stack.ts';

interface Statement {
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource?: unknown;
  Condition?: unknown;
  Principal?: unknown;
}

/** Wildcards that are argued for: by the end of the resource, why no narrower one would do. */
const ARGUED: Record<string, string> = {
  '/pending/*': 'keys of uploads are made of ids when they come',
  '/mail/*': 'raw mails are named by SES',
  '/threads/*': 'keys of files are made of the ids of threads',
  ':parameter/meanwhile/Test/*': 'one parameter a business, of this stack alone',
};

const FUNCTIONS = ['Delivery', 'EmailEvents', 'InboundEmail', 'Intake', 'Queries', 'Routing', 'SlaCheck'];
const template = aTemplate({ stage: 'prod' });

/** What each function may do, by its construct's id. */
const granted = new Map(
  resourcesOf(template, 'AWS::IAM::Policy').map(([id, { Properties }]) => {
    const { Statement } = Properties['PolicyDocument'] as { Statement: Statement[] };
    return [id.replace(/RoleDefaultPolicy[0-9A-F]{8}$/, ''), Statement] as const;
  }),
);
const listOf = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);
const actionsOf = (id: string): string[] => (granted.get(id) ?? []).flatMap(({ Action }) => listOf(Action));

/** A resource as one text, with references by name. */
function textOf(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': join } = resource as Record<string, unknown>;
  if (Ref !== undefined) return `<${Ref}>`;
  if (attribute !== undefined) return `<${(attribute as string[]).join('.')}>`;
  const [, parts] = join as [string, unknown[]];
  return parts.map(textOf).join('');
}

const mayDo = (action: string): string[] => [...granted.keys()].filter((id) => actionsOf(id).includes(action)).sort();

describe('permissions', () => {
  it('are of seven functions, and no managed policy gives more', () => {
    expect([...granted.keys()].sort()).toEqual(FUNCTIONS);
    expect(JSON.stringify(template.toJSON())).not.toContain('ManagedPolicyArns');
  });

  it('have no wildcard that is not argued for', () => {
    const unargued = [...granted].flatMap(([id, statements]) =>
      statements.flatMap(({ Action, Resource }) => {
        const actions = listOf(Action).filter((action) => action.includes('*'));
        const resources = listOf(Resource)
          .map(textOf)
          .filter((text) => text.includes('*') && !Object.keys(ARGUED).some((end) => text.endsWith(end)));
        return [...actions, ...resources].map((wildcard) => `${id}: ${wildcard}`);
      }),
    );
    expect(unargued).toEqual([]);
  });

  it('let only routing change threads, and delete only places in queues', () => {
    expect(mayDo('dynamodb:ConditionCheckItem')).toEqual(['Routing']);
    expect(mayDo('dynamodb:PutItem')).toEqual(['Delivery', 'EmailEvents', 'InboundEmail', 'Intake', 'Routing']);
    const deletes = [...granted.keys()].flatMap(actionsOf).filter((action) => /delete/i.test(action));
    expect(deletes.filter((action) => action !== 'sqs:DeleteMessage')).toEqual(['dynamodb:DeleteItem']);
    const statement = granted.get('Routing')?.find(({ Action }) => Action === 'dynamodb:DeleteItem');
    expect(statement?.Condition).toEqual({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['*#POOL'] } });
  });

  it('let what reads only read', () => {
    const writes = actionsOf('Queries').filter((action) => /Put|Update|Send|Create|Publish/.test(action));
    expect(writes.filter((action) => !action.startsWith('logs:'))).toEqual([]);
  });

  it('let only delivery send mail, as the identities and by the configuration set of the stack', () => {
    expect(mayDo('ses:SendEmail')).toEqual(['Delivery']);
    const statement = granted.get('Delivery')?.find(({ Action }) => Action === 'ses:SendEmail');
    const resources = listOf(statement?.Resource).map(textOf);
    expect(resources).toHaveLength(2);
    expect(resources[0]).toMatch(/:identity\/<Mailacmeexample/);
    expect(resources[1]).toMatch(/:configuration-set\/<MailConfigurationSet/);
  });

  it('let nobody read tags but who judges files by what a scanner says in one, where one is required', () => {
    expect(mayDo('s3:GetObjectTagging')).toEqual([]);
    const scanned = aTemplate({ fileScan: 'required' });
    const holders = resourcesOf(scanned, 'AWS::IAM::Policy').filter(([, { Properties }]) =>
      JSON.stringify(Properties['PolicyDocument']).includes('Tagging'),
    );
    expect(holders.map(([id]) => id)).toEqual([expect.stringMatching(/^Queries/)]);
    expect(JSON.stringify(holders)).not.toContain('PutObjectTagging');
    scanned.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: Match.objectLike({ FILE_SCAN: 'required' }) },
    });
  });

  it('let only routing publish events', () => {
    expect(mayDo('events:PutEvents')).toEqual(['Routing']);
  });

  it('give secrets to those who make or verify tokens or ids, and to no other', () => {
    expect(mayDo('ssm:GetParameter')).toEqual(['Delivery', 'InboundEmail', 'Intake', 'Queries', 'Routing']);
  });

  it('refuse calls that are not encrypted', () => {
    const types = ['AWS::SQS::QueuePolicy', 'AWS::S3::BucketPolicy', 'AWS::SNS::TopicPolicy'];
    const policies = resourcesOf(template, ...types);
    expect(policies).toHaveLength(10 + 1 + 2);
    for (const [id, { Properties }] of policies) {
      expect(JSON.stringify(Properties['PolicyDocument']), id).toContain('"aws:SecureTransport":"false"');
    }
  });
});

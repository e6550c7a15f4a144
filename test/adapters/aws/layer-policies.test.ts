import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LayerPolicies } from '../../../adapters/aws/layer-policies.ts';
import { readStoredText } from '../../../adapters/aws/stored-text.ts';
import { TransientFailure } from '../../../core/failures.ts';
import type { Policy } from '../../../core/policy/policy.ts';
import { writePolicies } from '../../../lib/constructs/policies-layer.ts';
import { aPolicy, defaultPolicy } from '../../builders.ts';
import { anAwsFailure, NOWHERE } from '../../support/aws-sdk.ts';

const dynamo = mockClient(DynamoDBClient);
const other = aPolicy({ id: 'other', publishableKeys: [] });
const earlier = aPolicy({ closeAfter: '9d' });
let folder: string;
let policies: LayerPolicies;

/** A layer with these policies, as it is deployed. */
function aLayer(...served: Policy[]): string {
  const layer = join(mkdtempSync(join(tmpdir(), 'meanwhile-layer-')), 'policies');
  writePolicies(layer, served);
  return layer;
}

const puts = () => dynamo.commandCalls(PutItemCommand).map(({ args: [{ input }] }) => input);

beforeEach(() => {
  dynamo.reset();
  dynamo.onAnyCommand().resolves({});
  folder = aLayer(defaultPolicy.source, other.source);
  policies = new LayerPolicies(folder, new DynamoDBClient(NOWHERE), 'Table');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('policies in the layer', () => {
  it('are known by the index alone, until one is needed', () => {
    writeFileSync(join(folder, 'other.json'), 'no JSON');
    expect(policies.businesses()).toEqual(['acme', 'other']);
    expect(policies.trusting('https://login.acme.example')).toEqual(['acme', 'other']);
    expect(policies.trusting('https://elsewhere.example')).toEqual([]);
    expect(policies.current('acme')?.hash).toBe(defaultPolicy.hash);
  });

  it('judge texts by what lies beside them, read when it is first asked', () => {
    const { texts } = policies.current('acme') ?? {};
    expect(texts?.firstMatch(['x', 'inv.*e'], 'my invoice')).toBe('inv.*e');
    expect(texts?.languageOf('Guten Tag, meine Rechnung stimmt nicht')).toBe('de');
    rmSync(join(folder, 'text-judge.cjs'));
    expect(texts?.firstMatch(['o.ce$'], 'my invoice')).toBe('o.ce$');
  });

  it('are read once each', () => {
    const first = policies.current('acme');
    rmSync(folder, { recursive: true });
    expect(policies.current('acme')).toBe(first);
  });

  it.each(['nobody', '', '__proto__', 'constructor', '../acme', 'index'])('are none of %j', (business) => {
    expect(policies.current(business)).toBeUndefined();
  });

  it('need no table', async () => {
    expect((await policies.version('acme', defaultPolicy.hash))?.hash).toBe(defaultPolicy.hash);
    expect(dynamo.calls()).toEqual([]);
  });
});

describe('versions of policies that were in use', () => {
  it('are kept once by each instance, under business and content', async () => {
    await policies.keep(earlier);
    await policies.keep(earlier);
    await policies.keep(defaultPolicy);
    expect(puts().map(({ TableName, Item }) => [TableName, Item?.['pk']?.S, Item?.['sk']?.S])).toEqual([
      ['Table', 'acme#POLICY', earlier.hash],
      ['Table', 'acme#POLICY', defaultPolicy.hash],
    ]);
    expect(JSON.parse(readStoredText(puts()[0]?.Item ?? {}))).toEqual(earlier.source);
  });

  it('are kept again where that failed: what is accepted under one must be decided under it', async () => {
    dynamo
      .on(PutItemCommand)
      .rejectsOnce(anAwsFailure('ThrottlingException', { status: 400 }))
      .resolves({});
    await expect(policies.keep(earlier)).rejects.toThrow(TransientFailure);
    await policies.keep(earlier);
    expect(puts()).toHaveLength(2);
  });

  it('are found as soon as they were kept, also by a function that still has the layer before', async () => {
    await policies.keep(earlier);
    dynamo.on(GetItemCommand).resolves({ Item: puts()[0]?.Item ?? {} });
    const found = await policies.version('acme', earlier.hash);
    expect(found?.source).toEqual(earlier.source);
    expect(await policies.version('acme', earlier.hash)).toBe(found);
    expect(dynamo.commandCalls(GetItemCommand).map(({ args: [{ input }] }) => input)).toEqual([
      // A read that may lag would not find what was kept a moment ago, and another policy would decide.
      { TableName: 'Table', Key: { pk: { S: 'acme#POLICY' }, sk: { S: earlier.hash } }, ConsistentRead: true },
    ]);
  });

  it('are looked for again where they were not there', async () => {
    expect(await policies.version('acme', earlier.hash)).toBeUndefined();
    expect(await policies.version('acme', earlier.hash)).toBeUndefined();
    expect(dynamo.commandCalls(GetItemCommand)).toHaveLength(2);
  });

  it('are not looked for without a hash, which is no key', async () => {
    expect(await policies.version('acme', '')).toBeUndefined();
    expect(dynamo.calls()).toEqual([]);
  });

  it('may be asked for again where DynamoDB is throttling', async () => {
    dynamo.on(GetItemCommand).rejects(anAwsFailure('ThrottlingException', { status: 400 }));
    await expect(policies.version('acme', earlier.hash)).rejects.toThrow(TransientFailure);
  });
});

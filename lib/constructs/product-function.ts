/** One function of the product: Node 24 on arm64, one bundle, JSON logs, alarms on its errors and throttles. */
import { fileURLToPath } from 'node:url';
import { type Duration, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  type ILayerVersion,
  LoggingFormat,
  RecursiveLoop,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Variable } from '../../lambdas/runtime/environment.ts';
import { acknowledge } from '../acknowledge.ts';
import { removalPolicyOf } from '../removal.ts';
import type { Settings } from '../settings.ts';
import { ALIASES, BANNER, MAIN_FIELDS, TARGET } from './bundling.ts';
import { FIVE_MINUTES, type Watch } from './watch.ts';

export interface ProductFunctionProps {
  /** The folder under `lambdas/`. */
  folder: string;
  timeout: Duration;
  /** What customers notice when it fails. */
  impact: string;
  settings: Settings;
  watch: Watch;
  /** What waits for services more than it computes does with less. @default 512 */
  memoryMegabytes?: number;
}

const root = (path: string): string => fileURLToPath(new URL(`../../${path}`, import.meta.url));

export class ProductFunction extends Construct {
  readonly function: NodejsFunction;

  constructor(scope: Construct, id: string, props: ProductFunctionProps) {
    super(scope, id);
    const { folder, timeout, impact, settings, watch, memoryMegabytes = 512 } = props;
    const logGroup = new LogGroup(this, 'Logs', {
      retention: settings.logDays,
      removalPolicy: removalPolicyOf(settings),
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(role);
    this.function = new NodejsFunction(this, 'Function', {
      role,
      entry: root(`lambdas/${folder}/handler.ts`),
      projectRoot: root('.'),
      depsLockFilePath: root('package-lock.json'),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: memoryMegabytes,
      timeout,
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      // A timer that comes early goes round again, and a merge goes from lane to lane: loops that end by themselves.
      recursiveLoop: RecursiveLoop.ALLOW,
      bundling: {
        format: OutputFormat.ESM,
        target: TARGET,
        minify: true,
        mainFields: MAIN_FIELDS,
        externalModules: [],
        banner: BANNER,
        esbuildArgs: Object.fromEntries(Object.entries(ALIASES).map(([name, path]) => [`--alias:${name}`, path])),
      },
    });
    this.#watch(id, impact, watch);
    acknowledge(this, 'Serverless::Serverless-LambdaDLQ', 'It is called by the gateway, or by a queue that has one.');
    acknowledge(
      this,
      'Serverless::Serverless-LambdaTracing',
      'Traces cost more than the product; ids connect the logs.',
    );
    acknowledge(
      this,
      'Serverless::Serverless-LambdaEventSourceMappingDestination',
      'Of a queue, what fails goes to the dead-letter queue: a destination is for streams.',
    );
  }

  /** Gives the function a layer. */
  use(layer: ILayerVersion): void {
    this.function.addLayers(layer);
  }

  /** Tells the function a name, under the variable that it reads. */
  tell(variable: Variable, value: string): void {
    this.function.addEnvironment(variable, value);
  }

  get region(): string {
    return Stack.of(this).region;
  }

  #watch(id: string, impact: string, watch: Watch): void {
    watch.alarm(`${id}Errors`, {
      metric: this.function.metricErrors({ period: FIVE_MINUTES }),
      above: 0,
      impact,
      runbook: 'function-errors',
    });
    watch.alarm(`${id}Throttles`, {
      metric: this.function.metricThrottles({ period: FIVE_MINUTES }),
      above: 0,
      periods: 2,
      impact,
      runbook: 'function-throttles',
    });
  }
}

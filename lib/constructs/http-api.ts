/** The HTTP API: writes to one function, everything else to another. Preflights are answered by the gateway. */
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AccessLogFormat } from 'aws-cdk-lib/aws-apigateway';
import {
  HttpApi as Api,
  CorsHttpMethod,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import type { Settings } from '../settings.ts';
import type { ProductFunction } from './product-function.ts';
import { FIVE_MINUTES, type Watch } from './watch.ts';

export interface HttpApiProps {
  writes: ProductFunction;
  reads: ProductFunction;
  settings: Settings;
  watch: Watch;
}

const ALLOWED_HEADERS = ['Authorization', 'Content-Type', 'Idempotency-Key', 'If-Match', 'If-None-Match', 'Prefer'];
const EXPOSED_HEADERS = ['ETag', 'Location', 'RateLimit', 'RateLimit-Policy', 'Retry-After', 'Idempotent-Replayed'];

export class HttpApi extends Construct {
  readonly api: Api;
  readonly url: string;

  constructor(scope: Construct, id: string, { writes, reads, settings, watch }: HttpApiProps) {
    super(scope, id);
    this.api = new Api(this, 'Api', {
      createDefaultStage: false,
      defaultIntegration: new HttpLambdaIntegration('Reads', reads.function),
      corsPreflight: {
        allowOrigins: ['*'],
        allowMethods: [CorsHttpMethod.ANY],
        allowHeaders: ALLOWED_HEADERS,
        exposeHeaders: EXPOSED_HEADERS,
        maxAge: Duration.hours(1),
      },
    });
    const integration = new HttpLambdaIntegration('Writes', writes.function);
    const methods = [HttpMethod.POST, HttpMethod.PUT, HttpMethod.DELETE];
    this.api.addRoutes({ path: '/v1/{proxy+}', methods, integration });
    // Reads, of what would come of a write.
    this.api.addRoutes({ path: '/v1/hours', methods: [HttpMethod.GET], integration });
    const stage = new HttpStage(this, 'Stage', {
      httpApi: this.api,
      stageName: '$default',
      autoDeploy: true,
      throttle: { rateLimit: settings.requestsPerSecond, burstLimit: settings.requestsAtOnce },
      accessLogSettings: {
        destination: new LogGroupLogDestination(
          new LogGroup(this, 'AccessLog', { retention: settings.logDays, removalPolicy: RemovalPolicy.DESTROY }),
        ),
        // Which call took how long, and not who made it.
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: '$context.requestId',
            route: '$context.routeKey',
            status: '$context.status',
            ms: '$context.responseLatency',
            error: '$context.integrationErrorMessage',
          }),
        ),
      },
    });
    this.url = stage.url;
    acknowledge(
      this,
      'AwsSolutions::AwsSolutions-APIG4',
      'Tokens are verified in code, the same in both places: keys and issuers are each business’s own.',
    );
    watch.alarm('ApiErrors', {
      metric: this.api.metricServerError({ period: FIVE_MINUTES, statistic: 'sum' }),
      above: 0,
      impact: 'Customers and agents are answered with errors.',
      runbook: 'api-errors',
    });
  }
}

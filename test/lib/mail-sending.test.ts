import { describe, it } from 'vitest';
import { aTemplate } from '../support/stack.ts';

const dev = aTemplate();

describe('sending mail, in the stack,', () => {
  it('leaves addresses that bounced or complained to the list of SES, and is told all that SES tells of a mail', () => {
    dev.hasResourceProperties('AWS::SES::ConfigurationSet', {
      SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
    });
    dev.hasResourceProperties('AWS::SES::ConfigurationSetEventDestination', {
      EventDestination: { MatchingEventTypes: ['send', 'delivery', 'deliveryDelay', 'bounce', 'complaint', 'reject'] },
    });
  });
});

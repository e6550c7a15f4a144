/** Which receipt rule set of the account SES goes by: one at a time, whoever made it. */
import { DescribeActiveReceiptRuleSetCommand, SESClient, SetActiveReceiptRuleSetCommand } from '@aws-sdk/client-ses';

export class ReceiptRuleSets {
  readonly #client: Pick<SESClient, 'send' | 'destroy'>;

  constructor(client: Pick<SESClient, 'send' | 'destroy'> = new SESClient()) {
    this.#client = client;
  }

  /** Undefined where SES takes no mail for the account. */
  async active(): Promise<string | undefined> {
    return (await this.#client.send(new DescribeActiveReceiptRuleSetCommand({}))).Metadata?.Name;
  }

  /**
   * Makes a rule set the active one, if no other is: of another, mail would no longer be taken.
   * @returns the one that is active then
   */
  async activate(name: string): Promise<string> {
    const active = await this.active();
    if (active !== undefined) return active;
    await this.#client.send(new SetActiveReceiptRuleSetCommand({ RuleSetName: name }));
    return name;
  }

  close(): void {
    this.#client.destroy();
  }
}

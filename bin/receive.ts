/** `npm run receive`: whether SES takes mail for a stack, and, where nobody else's rules are active, that it does. */
import { ReceiptRuleSets } from '../adapters/aws/receipt-rule-sets.ts';
import { stackOutputs } from '../adapters/aws/stack-outputs.ts';
import { Misuse, print, runAnywhere } from './command.ts';

const USAGE = `npm run receive -- [COMMAND] --stack NAME

  show       which receipt rule set is active, and which is the stack's
  activate   makes the stack's the active one, if none is: another's is never replaced
`;

await runAnywhere(USAGE, [], async ({ words: [command = 'show'], options: { stack } }) => {
  if (stack === undefined) throw new Misuse('--stack is needed: on one machine, mail comes in by --smtp-port.');
  if (command !== 'show' && command !== 'activate') throw new Misuse(`There is no command "${command}".`);
  const { ReceiptRuleSet: own = '' } = await stackOutputs(stack);
  const ruleSets = new ReceiptRuleSets();
  try {
    const active = command === 'activate' ? await ruleSets.activate(own) : await ruleSets.active();
    print(`Of the stack: ${own}\nActive: ${active ?? 'none'}`);
    if (command === 'show' || active === own) return;
    throw new Error(
      `${active} is active, and somebody relies on it: put our rules into it by the setting receiptRuleSet.`,
    );
  } finally {
    ruleSets.close();
  }
});

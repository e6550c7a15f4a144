/** What of a thread its customer may see. The one place that says so; every path to a customer goes through it. */
import type { Entry } from './entry.ts';
import type { Status } from './status.ts';

/** The status as the customer is shown it: waiting for a third party is our affair. */
export function customerStatus(status: Status): Status {
  return status === 'on-hold' ? 'open' : status;
}

/** Whether the customer may see an entry. Notes, and all that concerns only the business, never. */
export function isVisibleToCustomer(entry: Entry): boolean {
  switch (entry.type) {
    case 'message':
    case 'promise':
    case 'advice':
    case 'moved':
    case 'rating':
      return true;
    case 'change':
      if (entry.field === 'status') return customerStatus(entry.from) !== customerStatus(entry.to);
      return entry.field === 'subject';
    case 'merge':
      return entry.phase === 'completed';
    case 'started':
    case 'note':
    case 'sla':
    case 'rule':
    case 'look':
    case 'rules-bounded':
    case 'assigned':
    case 'notified':
    case 'notice-planned':
    case 'notice':
    case 'notice-off':
    case 'letter-planned':
    case 'letter':
    case 'transcript':
    case 'seen':
    case 'pointed-on':
    case 'delivery':
    case 'machine-mail':
    case 'mail-refused':
    case 'set-aside':
    case 'redriven':
    case 'dismissed':
      return false;
  }
}

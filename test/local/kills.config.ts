/** The example business, each message of which has a notice of its own: so that every mail can be counted. */
import { defineBusiness } from '../../core/policy/define-business.ts';
import { acme as example } from '../../meanwhile.config.ts';

export const acme = defineBusiness({ ...example, notices: { digestMinutes: 0, onThreadMinutes: 0 } } as never);

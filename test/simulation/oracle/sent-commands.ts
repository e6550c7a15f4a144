/** All that was put onto lanes, by the id of the command it holds. */
import type { LaneMessage } from '../../../core/ports.ts';
import { isPool } from '../../../core/team/pool-command.ts';
import { type Command, commandSchema } from '../../../core/thread/command.ts';
import type { World } from '../world/world.ts';

export interface Sent {
  lane: string;
  message: LaneMessage;
  /** Undefined for what is no command. */
  command: Command | undefined;
  firstAt: number;
  /** Hashes of all policies under which it came. */
  policies: Set<string>;
}

export class SentCommands {
  readonly #sent = new Map<string, Sent>();

  constructor({ commands, clients, scheduler, director }: World) {
    const ids = new Map<string, string>();
    commands.onSend = (messageId, message) => {
      if (isPool(message.lane)) return;
      const isPoison = director.poison.has(messageId);
      const policy = isPoison ? undefined : policyOf(message.body);
      const known = this.#sent.get(ids.get(messageId) ?? '');
      if (policy !== undefined) known?.policies.add(policy);
      if (known !== undefined) return;
      const came = isPoison ? undefined : readable(message.body);
      const id = came?.id ?? messageId;
      ids.set(messageId, id);
      // What counts is what its author wished for, and was told.
      const wished = clients.sent.get(id);
      const command = wished === undefined ? came : readable(wished);
      const policies = new Set(policy === undefined ? [] : [policy]);
      if (!this.#sent.has(id)) {
        this.#sent.set(id, { lane: message.lane, message, command, firstAt: scheduler.now, policies });
      }
    };
  }

  get(commandId: string): Sent | undefined {
    return this.#sent.get(commandId);
  }

  all(): [id: string, sent: Sent][] {
    return [...this.#sent];
  }
}

/** As the version reads it that understands it. */
export function asRead(body: unknown): unknown {
  const isObject = typeof body === 'object' && body !== null;
  return isObject && 'schema' in body && body.schema === 2 ? { ...body, schema: 1 } : body;
}

function policyOf(body: unknown): string | undefined {
  const policy = typeof body === 'object' && body !== null && 'policy' in body ? body.policy : undefined;
  return typeof policy === 'string' ? policy : undefined;
}

function readable(body: unknown): Command | undefined {
  return commandSchema.safeParse(asRead(JSON.parse(JSON.stringify(body)))).data;
}

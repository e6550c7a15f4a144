/** A mail index in a map. */
import type { MailRecord } from '../../core/inbound/mail-index.ts';
import type { MailIndex } from '../../core/ports.ts';

export class MapMailIndex implements MailIndex {
  readonly all = new Map<string, MailRecord>();

  async claim(key: string, record: MailRecord): Promise<MailRecord | undefined> {
    const known = this.all.get(key);
    if (known === undefined) this.all.set(key, record);
    return known;
  }

  async find(key: string): Promise<MailRecord | undefined> {
    return this.all.get(key);
  }

  async remove(key: string): Promise<void> {
    this.all.delete(key);
  }
}

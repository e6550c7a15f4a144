/** A product in which agents and a back office say what is true of customers, and rules ask for it. */
import { aPolicy } from '../builders.ts';
import { TestProduct } from './product.ts';

const wide = { perMinute: 6_000, burst: 6_000 };
const POLICY = aPolicy({
  rates: { customer: wide, agent: wide },
  roles: { crm: ['customers'] },
  agents: {
    ana: { name: 'Ana', email: 'ana@acme.example', role: 'lead' },
    ben: { name: 'Ben', email: 'ben@acme.example' },
    eve: { name: 'Eve', email: 'eve@acme.example', role: 'observer' },
    crm: { name: 'CRM', email: 'crm@acme.example', role: 'crm' },
  },
  routing: [
    {
      ...{ id: 'known', on: ['start', 'message', 'change'], mode: 'all' },
      rules: [
        { id: 'vip', when: { segment: ['vip'] }, do: { priority: 'high' } },
        { id: 'gold', when: { customer: { plan: 'gold' } }, do: { addTags: ['gold'] } },
        { id: 'o1', when: { organisation: ['o1'] }, do: { team: 'billing' } },
      ],
    },
  ],
});

export class RecordsProduct extends TestProduct {
  #customers = 0;

  constructor() {
    super({ policies: [POLICY.source] });
  }

  /** The id of a customer of whom nothing is known. */
  aNewCustomer(): string {
    this.#customers += 1;
    return `new-${this.#customers}`;
  }

  async put(path: string, body: object, { token, headers = {} }: { token?: string; headers?: object } = {}) {
    return this.call('PUT', `/v1/agent/${path}`, {
      token: token ?? (await this.agent()),
      body,
      headers: { ...headers },
    });
  }

  /** What an agent says of a customer, and is answered. */
  say(id: string, body: object, more = {}) {
    return this.put(`customers/${encodeURIComponent(id)}`, body, more);
  }

  async known(id: string) {
    return (await this.get(`/v1/agent/customers/${encodeURIComponent(id)}`, await this.agent())).body;
  }

  /** A thread as an agent sees it, once nothing is under way. */
  async seen(id: string) {
    await this.idle();
    return (await this.get(`/v1/agent/threads/${id}`, await this.agent())).body;
  }
}

/** The ports of writing where nothing is written: no route that is served there may reach them. */
import type { IdempotencyStore, Lanes } from '../../core/ports.ts';

class ReadOnly extends Error {
  override readonly name = 'ReadOnly';
}

export const noLanes: Lanes = {
  send: async () => {
    throw new ReadOnly('This function sends no commands.');
  },
};

export const noKeys: IdempotencyStore = {
  claim: async () => {
    throw new ReadOnly('This function keeps no keys.');
  },
};

import type { Broker } from './broker.js';
import type { BrokerOptions } from './options.js';

/** Makes a broker; it listens after `start`. */
export function createBroker(options: BrokerOptions): Broker {
  throw new Error(`under construction: ${options.listeners.length} listeners asked for`);
}

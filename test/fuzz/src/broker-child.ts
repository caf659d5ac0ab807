// The parent's end of the broker's process: starts it, asks it, and says why it failed.

import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Ports } from './attacker.js';
import type { FromBroker, Holdings } from './broker-process.js';

export class BrokerChild {
  readonly ports: Ports;
  /** Resolves with what went wrong, if ever. */
  readonly failure: Promise<string>;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, ports: Ports, failure: Promise<string>) {
    this.#child = child;
    this.ports = ports;
    this.failure = failure;
  }

  static async start(): Promise<BrokerChild> {
    const entry = fileURLToPath(new URL('./broker-process.js', import.meta.url));
    const child = fork(entry, { execArgv: ['--expose-gc'] });
    const failure = new Promise<string>((resolve) => {
      child.on('message', (message: FromBroker) => {
        if (message.type === 'error') resolve(`the broker reported: ${message.text}`);
      });
      child.once('exit', (code, signal) => resolve(`the broker ended (${code ?? signal})`));
    });
    const listening = new Promise<Ports>((resolve) => {
      child.once('message', (message: FromBroker) => {
        if (message.type === 'listening')
          resolve({ tcp: message.tcp, webSocket: message.webSocket });
      });
    });
    const first = await Promise.race([listening, failure]);
    if (typeof first === 'string') throw new Error(first);
    return new BrokerChild(child, first, failure);
  }

  holdings(): Promise<Holdings> {
    return new Promise((resolve) => {
      const listen = (message: FromBroker): void => {
        if (message.type !== 'holdings') return;
        this.#child.off('message', listen);
        resolve(message.holdings);
      };
      this.#child.on('message', listen);
      this.#child.send('holdings');
    });
  }

  stop(): void {
    this.#child.removeAllListeners('exit');
    this.#child.kill();
  }
}

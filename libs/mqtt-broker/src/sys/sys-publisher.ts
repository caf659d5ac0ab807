// $SYS: what changed since the last time, published every few seconds.

import type { Cancel, Clock } from '../clock.js';
import { NO_PROPERTIES } from '../codec/properties.js';
import type { Core } from '../connection/core.js';
import { publishOwn } from '../connection/publish-message.js';
import { RoutedMessage } from '../routing/routed-message.js';
import { Loads, Maxima, type SysReading, type SysValue, valuesOf } from './sys-topics.js';

export class SysPublisher {
  readonly #core: Core;
  readonly #intervalMs: number;
  readonly #read: () => SysReading;
  readonly #last = new Map<string, number | string>();
  readonly #maxima = new Maxima();
  readonly #loads = new Loads();
  #startedAtMs = 0;
  #updatedAtMs = 0;
  #cancel: Cancel = () => undefined;

  constructor(core: Core, intervalSeconds: number, read: () => SysReading) {
    this.#core = core;
    this.#intervalMs = intervalSeconds * 1000;
    this.#read = read;
  }

  start(version: string): void {
    this.#startedAtMs = this.#updatedAtMs = this.#clock.now();
    this.#publish(['version', version]);
    this.#update();
  }

  stop(): void {
    this.#cancel();
  }

  get #clock(): Clock {
    return this.#core.clock;
  }

  #update(): void {
    this.#cancel = this.#clock.after(this.#intervalMs, () => this.#update());
    const nowMs = this.#clock.now();
    const reading = this.#read();
    this.#publish(['uptime', `${Math.floor((nowMs - this.#startedAtMs) / 1000)} seconds`]);
    const seconds = (nowMs - this.#updatedAtMs) / 1000;
    for (const value of this.#loads.update(reading, seconds)) this.#publish(value);
    for (const value of this.#maxima.update(reading)) this.#publish(value);
    for (const value of valuesOf(reading)) this.#publish(value);
    this.#updatedAtMs = nowMs;
  }

  #publish([name, value]: SysValue): void {
    if (this.#last.get(name) === value) return;
    this.#last.set(name, value);
    const payload = Buffer.from(String(value));
    const message = new RoutedMessage({
      address: this.#core.topics.resolveName(`$SYS/broker/${name}`),
      buffer: payload,
      payloadStart: 0,
      payloadEnd: payload.length,
      // As Mosquitto; subscriptions say how much of it they want.
      qos: 2,
      retain: true,
      dup: false,
      content: NO_PROPERTIES,
      receivedAtMs: this.#clock.now(),
      kind: 'publish',
    });
    publishOwn(this.#core, message, { matched: 0, sent: 0, queued: 0 });
  }
}

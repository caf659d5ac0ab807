// The broker as one object: listeners, their connections, and the embedding program's own wishes.

import type { Broker, SubscribeOptions, Unsubscribe } from './broker.js';
import { NO_PROPERTIES } from './codec/properties.js';
import { ReasonCode } from './codec/reason-codes.js';
import type { Core } from './connection/core.js';
import { makeCore } from './core-factory.js';
import type { Open } from './connection/phase.js';
import { publishOwn, retainedFor } from './connection/publish-message.js';
import { toMessage } from './connection/retained-message.js';
import { drive, type DriverGear, makeGear } from './driver/driver.js';
import { brokerVersion } from './driver/version.js';
import type { Wire } from './driver/wire.js';
import type { BrokerEvents } from './events.js';
import type { HandleUpgrade } from './listener/listener.js';
import { Listeners } from './listener/listeners.js';
import type { ListenerAddress, TlsOptions } from './listener-options.js';
import type { Message, OutgoingMessage, Publication } from './message.js';
import type { BrokerOptions } from './options.js';
import { RoutedMessage } from './routing/routed-message.js';
import type { Tally } from './routing/router.js';
import { restore } from './storage/restore.js';
import { snapshotOf } from './storage/snapshot.js';
import type { Storage } from './storage/storage.js';
import { SysPublisher } from './sys/sys-publisher.js';
import { clientsOf, statsOf } from './snapshots.js';
import type { BrokerStats, ClientInfo } from './stats.js';
import { parseTopicFilter } from './topic/topic-filter.js';
import type { Trace, TraceFilter, TraceOptions } from './trace/trace.js';

/** Makes a broker; it listens after `start`. Throws a RangeError on an impossible limit or name, InvalidTls on unusable TLS. */
export function createBroker(options: BrokerOptions): Broker {
  return new MqttBroker(options);
}

const DEFAULT_SYS_INTERVAL_SECONDS = 10;

class MqttBroker implements Broker {
  readonly #core: Core;
  readonly #gear: DriverGear;
  readonly #listeners: Listeners;
  readonly #storage: Storage | undefined;
  readonly #sys: SysPublisher | undefined;
  #isStopping = false;
  #whenEmpty: (() => void) | undefined;

  constructor(options: BrokerOptions) {
    this.#core = makeCore(options);
    this.#storage = options.storage;
    this.#gear = makeGear(this.#core, () => this.#driverClosed());
    this.#sys = this.#makeSys(options.sysIntervalSeconds ?? DEFAULT_SYS_INTERVAL_SECONDS);
    this.#listeners = new Listeners(options.listeners, this.#core, {
      count: () => this.#gear.drivers.size,
      take: (wire) => this.#take(wire),
    });
  }

  #makeSys(intervalSeconds: number): SysPublisher | undefined {
    if (!Number.isSafeInteger(intervalSeconds) || intervalSeconds < 0) {
      throw new RangeError(`sysIntervalSeconds must be a whole number, not ${intervalSeconds}`);
    }
    if (intervalSeconds === 0) return undefined;
    return new SysPublisher(this.#core, intervalSeconds, () => ({
      stats: this.stats(),
      heapBytes: process.memoryUsage().heapUsed,
    }));
  }

  get addresses(): readonly ListenerAddress[] {
    return this.#listeners.addresses;
  }

  get handleUpgrade(): HandleUpgrade {
    return this.#listeners.handleUpgrade;
  }

  async start(): Promise<void> {
    const core = this.#core;
    if (this.#storage !== undefined) {
      await restore(
        core,
        this.#storage.open(() => snapshotOf(core)),
      );
    }
    this.#sys?.start(brokerVersion);
    try {
      await this.#listeners.start();
    } catch (error) {
      this.#sys?.stop();
      await this.#storage?.close();
      throw error;
    }
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#sys?.stop();
    this.#listeners.stop();
    const { open, sessions } = this.#core;
    for (const connection of open) {
      connection.end({ cause: 'server-stop', reasonCode: ReasonCode.serverShuttingDown });
    }
    for (const session of sessions.all()) if (session.record === undefined) sessions.end(session);
    for (const driver of this.#gear.drivers) driver.close();
    if (this.#gear.drivers.size > 0) {
      await new Promise<void>((resolve) => {
        this.#whenEmpty = resolve;
      });
    }
    this.#listeners.addresses = [];
    await this.#storage?.close();
    sessions.abandon();
  }

  reloadTls(tls: Readonly<Record<string, TlsOptions>>): void {
    this.#listeners.reloadTls(tls);
  }

  #take(wire: Wire): void {
    if (this.#isStopping || !this.#listeners.hasRoom(wire.entrance)) {
      wire.destroy();
      return;
    }
    drive(this.#gear, wire);
  }

  #driverClosed(): void {
    if (this.#gear.drivers.size === 0) this.#whenEmpty?.();
  }

  publish(outgoing: OutgoingMessage): Publication {
    const core = this.#core;
    const payload =
      typeof outgoing.payload === 'string'
        ? Buffer.from(outgoing.payload)
        : Buffer.from(
            outgoing.payload.buffer,
            outgoing.payload.byteOffset,
            outgoing.payload.length,
          );
    const message = new RoutedMessage({
      address: topicOf(core, outgoing.topic),
      buffer: payload,
      payloadStart: 0,
      payloadEnd: payload.length,
      qos: outgoing.qos ?? 0,
      retain: outgoing.retain ?? false,
      dup: false,
      content: outgoing.properties ?? NO_PROPERTIES,
      receivedAtMs: core.clock.now(),
      kind: 'publish',
    });
    const { onDelivery } = outgoing;
    if (onDelivery !== undefined) {
      message.onDelivery = (delivery) => {
        try {
          onDelivery(delivery);
        } catch (error) {
          core.onError(error);
        }
      };
    }
    const tally: Tally = { matched: 0, sent: 0, queued: 0 };
    const before = core.journal.position;
    publishOwn(core, message, tally);
    if (core.journal.position === before) return tally;
    return { ...tally, committed: core.journal.committed() };
  }

  subscribe(
    text: string,
    handler: (message: Message) => void,
    options: SubscribeOptions = {},
  ): Unsubscribe {
    const { index, limits } = this.#core;
    const filter = parseTopicFilter(text, limits);
    if (filter === undefined || filter.shareName !== undefined) {
      throw new RangeError(`not a topic filter: ${JSON.stringify(text)}`);
    }
    // A wrapper of its own per call, so that one function may subscribe twice.
    const own = (message: Message): void => handler(message);
    index.addHandler(filter.levels, own);
    if (options.retained === true) {
      const retained = retainedFor(this.#core, filter.filter);
      for (const one of retained.match(filter.levels)) handler(toMessage(this.#core, one));
    }
    return () => index.removeHandler(filter.levels, own);
  }

  on<E extends keyof BrokerEvents>(
    event: E,
    handler: (payload: BrokerEvents[E]) => void,
  ): Unsubscribe {
    return this.#core.events.on(event, handler);
  }

  disconnect(clientId: string, reasonCode: number = ReasonCode.administrativeAction): boolean {
    return this.#kick(({ sender }) => sender.clientId === clientId, reasonCode) > 0;
  }

  disconnectPrincipal(
    principalId: string,
    reasonCode: number = ReasonCode.administrativeAction,
    { deleteSession = false }: { deleteSession?: boolean } = {},
  ): number {
    const { sessions } = this.#core;
    const ended = this.#kick(({ principal }) => principal.id === principalId, reasonCode);
    if (!deleteSession) return ended;
    for (const session of sessions.all()) {
      if (session.principalId === principalId) sessions.end(session);
    }
    return ended;
  }

  #kick(isMeant: (open: Open) => boolean, reasonCode: number): number {
    let ended = 0;
    for (const connection of this.#core.open) {
      if (connection.phase.at !== 'open' || !isMeant(connection.phase)) continue;
      connection.end({ cause: 'kicked', reasonCode });
      ended++;
    }
    return ended;
  }

  trace(filter: TraceFilter, options: TraceOptions = {}): Trace {
    return this.#gear.tracer.start(filter, options, this.#gear.drivers);
  }

  clients(): ClientInfo[] {
    return clientsOf(this.#core);
  }

  stats(): BrokerStats {
    return statsOf(this.#core, this.#gear.flushes.bytesOut);
  }
}

function topicOf(core: Core, name: string): RoutedMessage['address'] {
  try {
    return core.topics.resolveName(name);
  } catch (cause) {
    throw new RangeError(`not a topic name: ${JSON.stringify(name)}`, { cause });
  }
}

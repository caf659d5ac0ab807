// All ways into a broker.

import type { Socket } from 'node:net';
import { ReasonCode } from '../codec/reason-codes.js';
import type { Core } from '../connection/core.js';
import type { ListenerAddress, ListenerOptions, TlsOptions } from '../listener-options.js';
import { type Entrance, limitsOf } from '../driver/entrance.js';
import type { Wire } from '../driver/wire.js';
import { type ListenerSettings, resolveSettings } from '../listener-settings.js';
import { Antechamber, endWith, type TurnedAway } from './antechamber.js';
import { addressOf, type Door } from './door.js';
import type { HandleUpgrade, Listener, Reception } from './listener.js';
import { SocketListener } from './socket-listener.js';
import { Visitors } from './visitors.js';
import { httpRefusal, makeUpgrade, refusalCode } from './websocket-gate.js';

export class Listeners implements Reception {
  readonly antechamber: Antechamber;
  readonly handleUpgrade: HandleUpgrade;
  readonly take: (wire: Wire) => void;
  /** Actual ones; empty while nobody listens. */
  addresses: readonly ListenerAddress[] = [];
  readonly #core: Core;
  /** Undefined when no address is bounded. */
  readonly #visitors: Visitors | undefined;
  readonly #countWires: () => number;
  readonly #all: readonly Listener[];

  /** Throws InvalidTls, and a RangeError when two have one name. */
  constructor(
    options: readonly ListenerOptions[],
    core: Core,
    wires: { count: () => number; take: (wire: Wire) => void },
  ) {
    this.#core = core;
    this.#visitors = visitorsOf(core);
    this.#countWires = wires.count;
    this.take = wires.take;
    this.antechamber = new Antechamber(core.clock, core.limits, (one) => this.#announce(one));
    refuseDoubleNames(options);
    this.#all = options.map(
      (one) => new SocketListener(one, entranceTo(core, one.settings), core.limits, this),
    );
    const door: Door = { transport: 'websocket', name: undefined, entrance: entranceTo(core) };
    this.handleUpgrade = makeUpgrade({
      door,
      limits: limitsOf(door.entrance, core.limits),
      onWire: (wire, socket) => {
        if (this.welcomes(socket, door)) wires.take(wire);
      },
      onRefused: (socket, status, cause) => {
        const address = addressOf(socket, door);
        endWith(socket, httpRefusal(status, cause));
        this.#announce({ address, door, reasonCode: refusalCode(status), cause });
      },
    });
  }

  hasRoom({ settings, connections, guests }: Entrance): boolean {
    if (connections + guests >= settings.maxConnections) return false;
    return this.#countWires() + this.antechamber.size < this.#core.limits.maxConnections;
  }

  welcomes(socket: Socket, door: Door): boolean {
    const visitors = this.#visitors;
    // Without an address of its own nobody can be told from the others.
    if (visitors === undefined || door.transport === 'unix') return true;
    const address = addressOf(socket, door);
    if (address === 'unknown') return true;
    const cause = visitors.objection(address);
    if (cause === undefined) {
      visitors.enter(address);
      socket.once('close', () => visitors.leave(address));
      return true;
    }
    socket.on('error', () => undefined);
    socket.destroy();
    this.#announce({ address, door, reasonCode: ReasonCode.quotaExceeded, cause });
    return false;
  }

  /** Rejects with ListenFailed; then nobody listens. */
  async start(): Promise<void> {
    const started: ListenerAddress[] = [];
    try {
      for (const listener of this.#all) started.push(await listener.start());
    } catch (error) {
      this.stop();
      throw error;
    }
    this.addresses = started;
  }

  stop(): void {
    for (const listener of this.#all) listener.stop();
    this.antechamber.clear();
  }

  /** By listeners' names. Throws before any of it is in use. */
  reloadTls(tls: Readonly<Record<string, TlsOptions>>): void {
    const prepared = Object.entries(tls).map(([name, options]) => {
      const listener = this.#all.find(({ door }) => door.name === name);
      if (listener === undefined) throw new RangeError(`no listener is named ${name}`);
      return listener.prepareTls(options);
    });
    for (const use of prepared) use();
  }

  #announce({ address, door, reasonCode, cause }: TurnedAway): void {
    const { clock, counters, events } = this.#core;
    counters.refused.set(reasonCode, (counters.refused.get(reasonCode) ?? 0) + 1);
    events.emit('refused', {
      clientId: undefined,
      address,
      transport: door.transport,
      reasonCode,
      cause,
      atMs: clock.now(),
    });
  }
}

function visitorsOf({ limits, clock, events }: Core): Visitors | undefined {
  if (limits.maxConnectionsPerAddress + limits.maxFailedLoginsPerAddress === 0) return undefined;
  const visitors = new Visitors(limits, clock);
  events.on('refused', ({ address, transport, reasonCode }) => {
    if (transport !== 'unix') visitors.refused(address, reasonCode);
  });
  return visitors;
}

function entranceTo(core: Core, own?: ListenerSettings): Entrance {
  return { settings: resolveSettings(core.settings, own), connections: 0, guests: 0 };
}

function refuseDoubleNames(options: readonly ListenerOptions[]): void {
  const names = new Set<string>();
  for (const { name } of options) {
    if (name === undefined) continue;
    if (names.has(name)) throw new RangeError(`two listeners are named ${name}`);
    names.add(name);
  }
}

// Connections that are not MQTT yet: their TLS handshake or their HTTP upgrade is under way. Each has a
// deadline, and counts as a connection.

import type { Socket } from 'node:net';
import type { Cancel, Clock } from '../clock.js';
import { ReasonCode } from '../codec/reason-codes.js';
import type { Limits } from '../limits.js';
import { addressOf, type Door } from './door.js';

/** A connection that never became MQTT. */
export interface TurnedAway {
  address: string;
  door: Door;
  reasonCode: number;
  cause: string;
}

interface Guest {
  readonly address: string;
  readonly door: Door;
  /** The uppermost socket so far: TLS takes the place of TCP. */
  socket: Socket;
  cancel: Cancel;
}

const NEVER: Cancel = () => undefined;

export class Antechamber {
  readonly #clock: Clock;
  readonly #limits: Limits;
  readonly #onTurnedAway: (turnedAway: TurnedAway) => void;
  readonly #guests = new Map<Socket, Guest>();

  constructor(clock: Clock, limits: Limits, onTurnedAway: (turnedAway: TurnedAway) => void) {
    this.#clock = clock;
    this.#limits = limits;
    this.#onTurnedAway = onTurnedAway;
  }

  get size(): number {
    return this.#guests.size;
  }

  enter(socket: Socket, door: Door): void {
    const address = addressOf(socket, door);
    const guest: Guest = { address, door, socket, cancel: NEVER };
    guest.cancel = this.#clock.after(this.#limits.handshakeTimeoutMs, () => {
      this.turnAway(guest.socket, 'handshake not finished in time');
    });
    this.#guests.set(socket, guest);
    door.entrance.guests++;
  }

  /** `upper` speaks over `socket` from now on. False when `socket` is not here. */
  replace(socket: Socket, upper: Socket): boolean {
    const guest = this.#guests.get(socket);
    if (guest === undefined) return false;
    this.#guests.delete(socket);
    guest.socket = upper;
    this.#guests.set(upper, guest);
    return true;
  }

  /** Its MQTT may begin. False when it is not here. */
  leave(socket: Socket): boolean {
    const guest = this.#guests.get(socket);
    if (guest === undefined) return false;
    guest.cancel();
    guest.door.entrance.guests--;
    return this.#guests.delete(socket);
  }

  /** Ends a connection, behind a last word if there is one. Nothing happens to one that is not here. */
  turnAway(
    socket: Socket,
    cause: string,
    reasonCode: number = ReasonCode.unspecifiedError,
    lastWord?: string,
  ): void {
    const guest = this.#guests.get(socket);
    if (!this.leave(socket) || guest === undefined) return;
    if (lastWord === undefined) socket.destroy();
    else endWith(socket, lastWord);
    this.#onTurnedAway({ address: guest.address, door: guest.door, reasonCode, cause });
  }

  /** Cuts everybody. */
  clear(): void {
    for (const socket of this.#guests.keys()) {
      this.leave(socket);
      socket.destroy();
    }
  }
}

/** Says it and closes, whatever the other side does. */
export function endWith(socket: Socket, lastWord: string): void {
  socket.once('finish', () => socket.destroy());
  socket.end(lastWord);
}

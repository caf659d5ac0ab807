import type { Socket } from 'node:net';
import type { Transport } from '../auth/authenticator.js';
import type { ClientCertificate } from '../auth/client-certificate.js';
import type { Entrance } from '../driver/entrance.js';
import type { WireEvents } from '../driver/wire.js';
import { certificateOf } from './certificate-of.js';
import { addressOf, type Door } from './door.js';

/** Idle time after which TCP asks whether the other side is there. */
const PROBE_AFTER_MS = 60_000;

/** What every wire that came through a door knows of its other side, and how it counts what is not written yet. */
export abstract class DoorWire {
  readonly address: string;
  readonly #door: Door;
  /** The socket below, whatever is spoken on it. */
  protected readonly raw: Socket;
  protected events: WireEvents | undefined;
  #waiting = 0;
  readonly #written = (): void => {
    this.#waiting--;
    if (this.#waiting === 0) this.events?.drained();
  };

  constructor(raw: Socket, door: Door) {
    this.raw = raw;
    this.#door = door;
    this.address = addressOf(raw, door);
  }

  get transport(): Transport {
    return this.#door.transport;
  }

  get entrance(): Entrance {
    return this.#door.entrance;
  }

  get listener(): string | undefined {
    return this.#door.name;
  }

  get certificate(): ClientCertificate | undefined {
    return certificateOf(this.raw);
  }

  probe(): void {
    this.raw.setKeepAlive(true, PROBE_AFTER_MS);
  }

  /** To be called by whoever hands bytes over, when the last of them are written. */
  protected handOver(): () => void {
    this.#waiting++;
    return this.#written;
  }
}

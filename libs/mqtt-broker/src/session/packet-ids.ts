const LAST = 65_535;

/** Hands out packet identifiers 1 to 65535 in turn, never one that is in use. [MQTT-2.2.1-4] */
export class PacketIds {
  #last = 0;

  /** The next one comes behind this, which an earlier life of the broker gave out. */
  continueAfter(packetId: number): void {
    this.#last = packetId;
  }

  /** Needs a free identifier to exist; the inflight limit sees to that. */
  next(inUse: { has(packetId: number): boolean }): number {
    do this.#last = this.#last === LAST ? 1 : this.#last + 1;
    while (inUse.has(this.#last));
    return this.#last;
  }
}

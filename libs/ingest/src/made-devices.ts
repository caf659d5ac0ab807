// Devices that mappings make as their messages appear: one registration for all that wait for one device.
import type { DeviceMaker, Scheduler, WantedDevice } from './ports.js';
import type { Refusal } from './refusal.js';

interface RetryLimits {
  readonly longestRetryMs: number;
}

export class MadeDevices {
  readonly #maker: DeviceMaker;
  readonly #scheduler: Scheduler;
  readonly #limits: RetryLimits;
  readonly #underWay = new Map<string, Promise<Refusal | undefined>>();
  #waiting = 0;

  constructor(maker: DeviceMaker, scheduler: Scheduler, limits: RetryLimits) {
    this.#maker = maker;
    this.#scheduler = scheduler;
    this.#limits = limits;
  }

  /** Calls of `make` that are not answered yet. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Makes the device, however long the database is away. Resolves with why it may not; never rejects. */
  async make(device: WantedDevice): Promise<Refusal | undefined> {
    this.#waiting += 1;
    const known = this.#underWay.get(device.id);
    const made = known ?? this.#attempt(device);
    if (known === undefined) this.#underWay.set(device.id, made);
    try {
      return await made;
    } finally {
      this.#waiting -= 1;
      if (this.#underWay.get(device.id) === made) this.#underWay.delete(device.id);
    }
  }

  async #attempt(device: WantedDevice): Promise<Refusal | undefined> {
    for (;;) {
      try {
        // One after the other: that is the point.
        // oxlint-disable-next-line no-await-in-loop
        return await this.#maker.make(device);
      } catch {
        // oxlint-disable-next-line no-await-in-loop
        await new Promise<void>((resolve) => {
          this.#scheduler.after(this.#limits.longestRetryMs, resolve);
        });
      }
    }
  }
}

/** Something's rate per minute, averaged over some minutes with fading weight: what Mosquitto calls a load. */
export class LoadAverage {
  readonly #minutes: number;
  #perMinute = 0;

  constructor(minutes: number) {
    this.#minutes = minutes;
  }

  get perMinute(): number {
    return this.#perMinute;
  }

  /** `count` things happened in the last `seconds`. */
  add(count: number, seconds: number): void {
    const rate = (count * 60) / seconds;
    const weight = Math.exp(-seconds / (60 * this.#minutes));
    this.#perMinute = rate + weight * (this.#perMinute - rate);
  }
}

// A histogram that something else counts: its buckets are read when Prometheus asks. The library's own wants each value.
import type { IngestStats } from '@hearth/contracts';
import { Histogram } from 'prom-client';

type HistogramCounts = IngestStats['commitRows'];

export class ReadHistogram extends Histogram {
  readonly #name: string;
  readonly #help: string;
  readonly #read: () => HistogramCounts;
  readonly #unit: number;

  /** To be registered. `unit` is what a value is multiplied by to be in the base unit that the name ends in. */
  constructor(
    { name, help, unit }: { name: string; help: string; unit: number },
    read: () => HistogramCounts,
  ) {
    super({ name, help, registers: [] });
    this.#name = name;
    this.#help = help;
    this.#read = read;
    this.#unit = unit;
  }

  /** What the registry asks for, before any other; the library's types leave it out. */
  getForPromString(): Promise<object> {
    const { buckets, sum } = this.#read();
    let total = 0;
    const values = buckets.map(({ upTo, count }) => {
      total += count;
      const le = upTo === null ? '+Inf' : upTo * this.#unit;
      return { metricName: `${this.#name}_bucket`, labels: { le }, value: total };
    });
    return Promise.resolve({
      name: this.#name,
      help: this.#help,
      type: 'histogram',
      aggregator: 'sum',
      values: [
        ...values,
        { metricName: `${this.#name}_sum`, labels: {}, value: sum * this.#unit },
        { metricName: `${this.#name}_count`, labels: {}, value: total },
      ],
    });
  }
}

// Values as a file, however many: read in batches while somebody takes them.
import type { Readable } from 'node:stream';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import type { ExportFormat } from '@hearth/contracts';
import { CLOCK, type Clock } from '../common/clock.js';
import type { HomeSeries } from '../readings/home-series.repository.js';
import { inBatches } from '../readings/in-batches.js';
import type { Range } from '../readings/range.js';
import { RawReadings } from '../readings/raw-readings.repository.js';
import { StateChangeRepository } from '../readings/state-change.repository.js';
import { storedRange } from '../readings/stored-range.js';
import { TooManyExports } from './errors.js';
import { ENCODINGS } from './export-line.js';
import { patientStream } from './patient-stream.js';

/** Exports that run at once: each keeps a core and a connection busy, and ingestion needs both. */
const MAX_EXPORTS_AT_ONCE = 2;
/** Values that are read at once: some 140 kB of text, milliseconds of work. */
const BATCH = 2_000;
/** How long a client may take nothing before its export is given up. Milliseconds. */
const CLIENT_PATIENCE_MS = 60_000;

/** `ts` in epoch milliseconds. */
interface ExportedValue {
  readonly ts: number;
  readonly value: number | string;
}

@Injectable()
export class ExportService implements OnModuleDestroy {
  readonly #readings: RawReadings;
  readonly #changes: StateChangeRepository;
  readonly #clock: Clock;
  readonly #open = new Set<Readable>();

  constructor(readings: RawReadings, changes: StateChangeRepository, @Inject(CLOCK) clock: Clock) {
    this.#readings = readings;
    this.#changes = changes;
    this.#clock = clock;
  }

  onModuleDestroy(): void {
    for (const stream of this.#open) stream.destroy();
  }

  /** One series after the other, each oldest first. `from` and `to` are epoch milliseconds. Throws `TooManyExports`. */
  open(
    series: readonly HomeSeries[],
    { from, to, format }: { from: number; to: number; format: ExportFormat },
  ): Readable {
    if (this.#open.size >= MAX_EXPORTS_AT_ONCE) throw new TooManyExports();
    const range = storedRange(from, to, this.#clock.now());
    const stream = patientStream(this.#chunks(series, range, format), CLIENT_PATIENCE_MS);
    this.#open.add(stream);
    stream.once('close', () => this.#open.delete(stream));
    return stream;
  }

  async *#chunks(
    series: readonly HomeSeries[],
    range: Range,
    format: ExportFormat,
  ): AsyncGenerator<string, void> {
    const { head, line } = ENCODINGS[format];
    if (head !== '') yield head;
    for (const one of series) {
      const toLine = line(one);
      for await (const rows of this.#batches(one, range)) {
        let text = '';
        for (const { ts, value } of rows) text += toLine(ts, value);
        yield text;
      }
    }
  }

  #batches({ id, kind }: HomeSeries, range: Range): AsyncIterable<readonly ExportedValue[]> {
    if (kind !== 'text') return this.#readings.stream(id, range, BATCH);
    return inBatches(range, BATCH, (window, limit) => this.#changes.list(id, window, limit));
  }
}

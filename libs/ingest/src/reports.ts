// What devices say of themselves: told at once, and `info` and `state` kept on the device's row.
import type { DeviceId } from '@hearth/contracts';
import { BatchWriter } from './batch-writer.js';
import type { IngestLimits } from './limits.js';
import type { Announcer, DeviceReportDraft, DeviceReportStore, Scheduler } from './ports.js';
import type { SeriesBook } from './series-book.js';
import type { ParsedReport } from './steps/parse-report.js';

export interface ReportPorts {
  readonly reports: DeviceReportStore;
  readonly announcer: Announcer;
  readonly scheduler: Scheduler;
}

export class Reports {
  readonly #announcer: Announcer;
  readonly #book: SeriesBook;
  /** Bounded by the number of devices: a later report replaces an earlier one that is not written yet. */
  readonly #writer: BatchWriter<Map<DeviceId, DeviceReportDraft>>;

  constructor(
    { reports, announcer, scheduler }: ReportPorts,
    book: SeriesBook,
    limits: IngestLimits,
  ) {
    this.#announcer = announcer;
    this.#book = book;
    this.#writer = new BatchWriter(
      {
        open: () => new Map(),
        commit: (drafts) => reports.store([...drafts.values()]),
        committed: () => undefined,
        failed: (error, attempt) => announcer.storeFailed('device reports', error, attempt),
        recovered: () => announcer.storeRecovered('device reports'),
        scheduler,
      },
      { ...limits, maxBatchRows: Infinity },
    );
  }

  /** Tells what the device said; the promise resolves when what is to be kept of it is committed. */
  accept({ addressed, report }: ParsedReport): Promise<void> | undefined {
    const { deviceId, message } = addressed;
    const atMs = message.receivedAtMs;
    if (report.name === 'info') {
      this.#book.declareUnits(deviceId, report.payload);
      this.#announcer.info({ deviceId, info: report.payload });
      return this.#keep(deviceId, { info: report.payload });
    }
    if (report.name === 'state') {
      this.#announcer.state({ deviceId, state: report.payload, atMs });
      return this.#keep(deviceId, { state: report.payload, stateAtMs: atMs });
    }
    if (report.name === 'status') {
      const will = message.kind === 'will';
      this.#announcer.status({ deviceId, status: report.payload, will, atMs });
    } else {
      this.#announcer.response({ deviceId, response: report.payload, atMs });
    }
    return undefined;
  }

  async stop(): Promise<void> {
    await this.#writer.stop();
  }

  #keep(
    deviceId: DeviceId,
    news: Partial<Pick<DeviceReportDraft, 'info' | 'state' | 'stateAtMs'>>,
  ): Promise<void> {
    const { batch, settled } = this.#writer.gather(1);
    const draft = batch.get(deviceId) ?? {
      deviceId,
      info: undefined,
      state: undefined,
      stateAtMs: 0,
    };
    batch.set(deviceId, Object.assign(draft, news));
    return settled;
  }
}

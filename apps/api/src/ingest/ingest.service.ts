// Joins the pipeline of libs/ingest with the broker in front of it, and with the life of the process.
import {
  Inject,
  Injectable,
  type BeforeApplicationShutdown,
  type OnModuleInit,
} from '@nestjs/common';
import type { IngestStats } from '@hearth/contracts';
import { Ingest, SeriesBook, type HistogramCounts } from '@hearth/ingest';
import { AcceptRefused, ReasonCode, type Message, type Sender } from '@hearth/mqtt-broker';
import type { Logger } from 'pino';
import { ownerOf } from '../broker/principals.js';
import { LOGGER } from '../common/logger.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { IngestAnnouncer } from './ingest-announcer.js';
import { SeriesRepository } from './series.repository.js';

/** Longest that a stop waits for commits under way, milliseconds. What is not committed then was never acknowledged. */
const STOP_PATIENCE_MS = 10_000;

@Injectable()
export class IngestService implements OnModuleInit, BeforeApplicationShutdown {
  readonly #ingest: Ingest;
  readonly #book: SeriesBook;
  readonly #series: SeriesRepository;
  readonly #events: HearthEventBus;
  readonly #announcer: IngestAnnouncer;
  readonly #logger: Logger;
  #unsubscribe: (() => void) | undefined;

  constructor(
    ingest: Ingest,
    book: SeriesBook,
    series: SeriesRepository,
    events: HearthEventBus,
    announcer: IngestAnnouncer,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#ingest = ingest;
    this.#book = book;
    this.#series = series;
    this.#events = events;
    this.#announcer = announcer;
    this.#logger = logger;
  }

  async onModuleInit(): Promise<void> {
    for (const series of await this.#series.listAll()) this.#book.load(series);
    for (const [deviceId, info] of await this.#series.listDeclarations()) {
      this.#book.declareUnits(deviceId, info);
    }
    this.#unsubscribe = this.#events.on('credentials-revoked', ({ principalId, reason }) => {
      if (reason === 'deleted') this.#book.forget(principalId);
    });
  }

  /** The broker has stopped by now. */
  async beforeApplicationShutdown(): Promise<void> {
    this.#unsubscribe?.();
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<'too late'>((resolve) => {
      timer = setTimeout(resolve, STOP_PATIENCE_MS, 'too late');
    });
    const left = await Promise.race([this.#ingest.stop(), tooLate]);
    clearTimeout(timer);
    this.#announcer.flush();
    if (left !== 0) this.#logger.warn({ left }, 'stopped with unacknowledged readings left behind');
  }

  /** The broker's `Accept`: the promise resolves when all that the message asks for is committed. */
  accept(message: Message, sender: Sender): void | Promise<void> {
    const owner = ownerOf(sender.principal);
    if (owner === undefined) throw new AcceptRefused(ReasonCode.notAuthorized, 'nobody we know');
    return this.#ingest.accept(message, owner);
  }

  /** Totals since the start of the process. */
  stats(): IngestStats {
    const { refused, commitRows, commitMs, ackMs, ...counts } = this.#ingest.counts();
    return {
      ...counts,
      commitRows: copy(commitRows),
      commitMs: copy(commitMs),
      ackMs: copy(ackMs),
      refused: [...refused],
    };
  }
}

const copy = ({ buckets, sum }: HistogramCounts): IngestStats['commitRows'] => ({
  buckets: [...buckets],
  sum,
});

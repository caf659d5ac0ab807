// What a chart shows: single readings when they are few, else a band of buckets.
import { Inject, Injectable } from '@nestjs/common';
import type { Bucket, Histories, History, HomeId } from '@hearth/contracts';
import { meanOfBucket } from '@hearth/history';
import { CLOCK, type Clock } from '../common/clock.js';
import { Directory } from '../directory/directory.js';
import { Horizons } from '../retention/horizons.js';
import { BucketRepository, type PlainBucket } from './bucket.repository.js';
import { bucketWidth } from './bucket-width.js';
import { DamagedPage, SeriesNotFound } from './errors.js';
import { HistoryRepository } from './history.repository.js';
import { wholeBuckets, type Range } from './range.js';
import { RawReadings } from './raw-readings.repository.js';
import { Slots } from './slots.js';
import { storedRange } from './stored-range.js';

/** Histories that are read at once. The rest wait, so that connections are left for ingestion. */
const MAX_QUERIES_AT_ONCE = 4;
/** Histories that wait; beyond it a request is told to come back. */
const MAX_QUERIES_WAITING = 200;

@Injectable()
export class HistoryService {
  readonly #repository: HistoryRepository;
  readonly #readings: RawReadings;
  readonly #buckets: BucketRepository;
  readonly #directory: Directory;
  readonly #horizons: Horizons;
  readonly #clock: Clock;
  readonly #slots = new Slots(MAX_QUERIES_AT_ONCE, MAX_QUERIES_WAITING);

  constructor(
    repository: HistoryRepository,
    readings: RawReadings,
    buckets: BucketRepository,
    directory: Directory,
    horizons: Horizons,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#repository = repository;
    this.#readings = readings;
    this.#buckets = buckets;
    this.#directory = directory;
    this.#horizons = horizons;
    this.#clock = clock;
  }

  /** `from` and `to` are epoch milliseconds. Throws `SeriesNotFound`, or `TooBusy` when too many wait. */
  async read(
    homeId: HomeId,
    seriesId: number,
    { from, to, points }: { from: number; to: number; points: number },
  ): Promise<History> {
    const history = await this.#slots.run(() =>
      this.#read(homeId, seriesId, storedRange(from, to, this.#clock.now()), points),
    );
    return { seriesId, from, to, ...history };
  }

  /** In the order of `seriesIds`. What is damaged of one is no reason to show nothing of the others; else it throws as {@link read}. */
  async readSeveral(
    homeId: HomeId,
    seriesIds: readonly number[],
    range: { from: number; to: number; points: number },
  ): Promise<Histories> {
    const answers = await Promise.all(
      seriesIds.map((id) => this.read(homeId, id, range).catch(unlessDamaged)),
    );
    const histories: History[] = [];
    const failed: Histories['failed'] = [];
    for (const answer of answers) {
      if (!(answer instanceof DamagedPage)) histories.push(answer);
      else failed.push({ seriesId: answer.seriesId, code: answer.code, detail: answer.message });
    }
    return { histories, failed };
  }

  async #read(
    homeId: HomeId,
    seriesId: number,
    range: Range,
    points: number,
  ): Promise<Omit<History, 'seriesId' | 'from' | 'to'>> {
    const series = await this.#repository.findSeries(seriesId);
    // A series of another home is told apart from none by nobody.
    if (this.#directory.findDevice(series?.deviceId ?? '')?.homeId !== homeId) {
      throw new SeriesNotFound();
    }
    if (series?.kind === 'text') {
      const changes = await this.#repository.listChanges(seriesId, range, points);
      return { bucketMs: 0, buckets: [], changes, isComplete: true };
    }
    return { ...(await this.#readNumbers(homeId, seriesId, range, points)), changes: [] };
  }

  async #readNumbers(
    homeId: HomeId,
    seriesId: number,
    range: Range,
    points: number,
  ): Promise<Omit<History, 'seriesId' | 'from' | 'to' | 'changes'>> {
    // Where readings were removed there are hours, and then days.
    const narrowestMs = this.#horizons.narrowest(homeId, range.fromMs);
    const bucketMs = Math.max(bucketWidth(range.toMs - range.fromMs, points), narrowestMs);
    const whole = wholeBuckets(range, bucketMs);
    const { buckets, isComplete } = await this.#buckets.list(seriesId, whole, bucketMs);
    const { detailFromMs } = this.#horizons.of(homeId);
    const asBuckets = { bucketMs, buckets: buckets.map(toBucket), isComplete };
    if ((buckets[0]?.startMs ?? Infinity) < detailFromMs) return asBuckets;
    const count = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
    // The buckets at both ends may count readings outside the range.
    if (count > points + mostAtEnds(buckets)) return asBuckets;
    const readings = await this.#readings.list(seriesId, range, points + 1);
    if (readings.length > points) return asBuckets;
    return {
      bucketMs: 0,
      buckets: readings.map(({ ts, value }) => [ts, value, value, value, 1]),
      isComplete: true,
    };
  }
}

function unlessDamaged(error: unknown): DamagedPage {
  if (error instanceof DamagedPage) return error;
  throw error;
}

function mostAtEnds(buckets: readonly PlainBucket[]): number {
  return (buckets[0]?.count ?? 0) + (buckets.at(-1)?.count ?? 0);
}

function toBucket(bucket: PlainBucket): Bucket {
  return [bucket.startMs, bucket.min, bucket.max, meanOfBucket(bucket), bucket.count];
}

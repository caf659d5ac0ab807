// Publishes a folder of recorded data over MQTT, one device per room, with the recorded times, and counts what the
// server acknowledged.
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { METRICS, type SimulatedDevice } from '@hearth/contracts';
import { systemClock } from '../clock.js';
import { encodeEntries } from '../device/outbox.js';
import { SimulatorError } from '../errors.js';
import { provision, type Access } from '../provision.js';
import { hash, Random } from '../random.js';
import { mergeRecordings, type Backfill } from './merge.js';
import { findRecordedRooms, type RecordedRoom } from './recorded-rooms.js';
import { Recording, type Malformed } from './recording.js';
import { ReplayLink } from './replay-link.js';

/** Rooms that are read and published at the same time. */
const ROOMS_AT_ONCE = 8;
/** Messages of one room under way: enough to keep the database busy while the next ones travel. */
const MESSAGES_IN_FLIGHT = 8;
/** Malformed lines that are shown; all are counted. */
const MALFORMED_SHOWN = 20;

export interface ReplayOptions extends Access {
  readonly folder: string;
}

export interface ReplayReport {
  readonly files: number;
  readonly rooms: number;
  readonly readings: number;
  readonly malformedLines: number;
  readonly messages: number;
  readonly acknowledgedMessages: number;
  readonly acknowledgedReadings: number;
  /** What was not done, in words; empty when everything was acknowledged. */
  readonly failures: readonly string[];
  readonly seconds: number;
}

export interface ReplayObserver {
  /** One line that stays. */
  print(line: string): void;
  /** Called often. `share` of the files' bytes that have been read, 0 to 1. */
  progress(share: number, readings: number, seconds: number): void;
}

interface Tally {
  readings: number;
  malformedLines: number;
  messages: number;
  acknowledgedMessages: number;
  acknowledgedReadings: number;
  bytes: number;
  readonly failures: string[];
}

function deviceOf({ deviceId, room }: RecordedRoom): SimulatedDevice {
  return { id: deviceId, name: `${room} (recorded)`, kind: 'climate-node', room };
}

class Replay {
  readonly tally: Tally = {
    readings: 0,
    malformedLines: 0,
    messages: 0,
    acknowledgedMessages: 0,
    acknowledgedReadings: 0,
    bytes: 0,
    failures: [],
  };
  readonly #startMs = systemClock.now();
  readonly #totalBytes: number;
  readonly #stop: AbortSignal;
  readonly #observer: ReplayObserver;

  constructor(rooms: readonly RecordedRoom[], stop: AbortSignal, observer: ReplayObserver) {
    const files = rooms.flatMap((room) => room.files);
    this.#totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#stop = stop;
    this.#observer = observer;
  }

  get seconds(): number {
    return (systemClock.now() - this.#startMs) / 1_000;
  }

  async room(room: RecordedRoom, brokerUrl: string, secret: string): Promise<void> {
    const link = new ReplayLink({
      brokerUrl,
      deviceId: room.deviceId,
      secret,
      info: {
        model: 'Recorded data',
        metrics: room.files.map(({ metric: name }) => ({
          name,
          unit: METRICS.get(name)?.unit ?? '',
        })),
      },
      clock: systemClock,
      random: new Random(hash(0, room.deviceId)),
      stop: this.#stop,
    });
    try {
      await this.#publishAll(room, link);
    } catch (error) {
      this.tally.failures.push(`${room.room}: ${wordsOf(error)}`);
    } finally {
      await link.close();
    }
  }

  async #publishAll(room: RecordedRoom, link: ReplayLink): Promise<void> {
    const window = await link.window(MESSAGES_IN_FLIGHT);
    const open = room.files.map(({ path, metric }) => {
      const stream = createReadStream(path, { encoding: 'utf8' });
      const malformed: Malformed = (where, why) => this.#malformed(where, why);
      return { stream, recording: new Recording(basename(path), metric, stream, malformed) };
    });
    try {
      const recordings = open.map(({ recording }) => recording);
      await this.#publishBackfills(recordings, link, window);
    } finally {
      for (const { stream } of open) stream.destroy();
    }
  }

  async #publishBackfills(
    recordings: readonly Recording[],
    link: ReplayLink,
    window: number,
  ): Promise<void> {
    const underWay = new Set<Promise<void>>();
    let firstError: unknown;
    let positionBefore = 0;
    for await (const backfill of mergeRecordings(recordings)) {
      if (this.#stop.aborted || firstError !== undefined) break;
      const position = recordings.reduce((sum, recording) => sum + recording.position, 0);
      this.tally.bytes += position - positionBefore;
      positionBefore = position;
      this.tally.readings += backfill.readings;
      this.tally.messages += 1;
      const sending: Promise<void> = this.#send(backfill, link)
        .catch((error: unknown) => {
          firstError ??= error;
        })
        .finally(() => underWay.delete(sending));
      underWay.add(sending);
      if (underWay.size >= window) await Promise.race(underWay);
    }
    await Promise.all(underWay);
    if (firstError !== undefined) throw firstError;
  }

  async #send(backfill: Backfill, link: ReplayLink): Promise<void> {
    await link.publish(encodeEntries(backfill.entries));
    this.tally.acknowledgedMessages += 1;
    this.tally.acknowledgedReadings += backfill.readings;
    const read = Math.min(1, this.tally.bytes / Math.max(1, this.#totalBytes));
    const done = this.tally.acknowledgedReadings / this.tally.readings;
    this.#observer.progress(read * done, this.tally.acknowledgedReadings, this.seconds);
  }

  #malformed(where: string, why: string): void {
    this.tally.malformedLines += 1;
    if (this.tally.malformedLines <= MALFORMED_SHOWN) this.#observer.print(`${where} ${why}`);
    if (this.tally.malformedLines === MALFORMED_SHOWN) {
      this.#observer.print('further malformed lines are only counted');
    }
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : 'unknown error';
}

/** Publishes everything; resolves with the counts. Throws `SimulatorError` when it cannot begin. */
export async function replayFolder(
  options: ReplayOptions,
  stop: AbortSignal,
  observer: ReplayObserver,
): Promise<ReplayReport> {
  const rooms = await findRecordedRooms(options.folder, (fileName) =>
    observer.print(`${fileName} is not named <Room>_<Quantity>.csv: skipped`),
  );
  const { brokerUrl, secrets } = await provision(options, rooms.map(deviceOf));
  const replay = new Replay(rooms, stop, observer);
  const waiting = [...rooms];
  const worker = async () => {
    for (let room = waiting.shift(); room !== undefined; room = waiting.shift()) {
      if (stop.aborted) return;
      const secret = secrets.get(room.deviceId);
      if (secret === undefined) throw new SimulatorError(`no credentials for ${room.deviceId}`);
      await replay.room(room, brokerUrl, secret);
    }
  };
  await Promise.all(Array.from({ length: ROOMS_AT_ONCE }, worker));
  const { bytes: _bytes, ...tally } = replay.tally;
  if (stop.aborted) tally.failures.push('stopped before the end');
  return {
    files: rooms.reduce((sum, { files }) => sum + files.length, 0),
    rooms: rooms.length,
    ...tally,
    seconds: replay.seconds,
  };
}

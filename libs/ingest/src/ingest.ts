// The line that every message walks, top to bottom. Steps decide and are pure; the writers act.
import { parseTopic } from '@hearth/contracts';
import { BatchWriter } from './batch-writer.js';
import { ClockBook } from './clock-book.js';
import { Inbox, type InboxPorts } from './inbox.js';
import { IngestMeter, type IngestCounts } from './ingest-meter.js';
import type { IngestLimits } from './limits.js';
import type {
  AddressedReport,
  AddressedForeign,
  AddressedTelemetry,
  Fresh,
  IncomingMessage,
  Known,
  KnownDevice,
  MappedTelemetry,
  MessageSender,
  Normalised,
  Parsed,
  Received,
  Replay,
} from './message.js';
import type { CompiledMapping } from './mapping-book.js';
import { MadeDevices } from './made-devices.js';
import type {
  DeviceLookup,
  DeviceMaker,
  MappingLookup,
  ReadingStore,
  WantedDevice,
} from './ports.js';
import { ReadingBatch } from './reading-batch.js';
import { onwards, Refusal } from './refusal.js';
import { beginReplay, stampSamples, type ReplayOutcome } from './replay.js';
import { RecentMapped, type RecentMessage } from './recent-mapped.js';
import type { SeriesBook } from './series-book.js';
import { address } from './steps/address.js';
import { announce, announceReport } from './steps/announce.js';
import { deduplicate } from './steps/deduplicate.js';
import { identify } from './steps/identify.js';
import { map } from './steps/map.js';
import { normalise } from './steps/normalise.js';
import { parseMapped } from './steps/parse-mapped.js';
import { parseReport, type ParsedReport } from './steps/parse-report.js';
import { parse } from './steps/parse.js';
import { tryMapping, type Trial } from './trial.js';
import { remember } from './steps/remember.js';
import { store } from './steps/store.js';

export interface IngestPorts extends InboxPorts {
  readonly devices: DeviceLookup;
  readonly mappings: MappingLookup;
  readonly maker: DeviceMaker;
  readonly readings: ReadingStore;
  /** What a message is rejected with that was not taken because too many rows wait; its sender must keep it. */
  overloaded(): Error;
}

export class Ingest {
  /** Where the clocks of devices differ from ours. */
  readonly clocks = new ClockBook();
  readonly #ports: IngestPorts;
  readonly #book: SeriesBook;
  readonly #limits: IngestLimits;
  readonly #writer: BatchWriter<ReadingBatch>;
  readonly #inbox: Inbox;
  readonly #made: MadeDevices;
  readonly #recent = new RecentMapped();
  readonly #meter = new IngestMeter();

  constructor(ports: IngestPorts, book: SeriesBook, limits: IngestLimits) {
    this.#ports = ports;
    this.#book = book;
    this.#limits = limits;
    this.#inbox = new Inbox(ports, limits);
    this.#made = new MadeDevices(ports.maker, ports.scheduler, limits);
    this.#writer = new BatchWriter(
      {
        open: () => new ReadingBatch(),
        commit: (batch) => this.#commit(batch),
        committed: (batch) => this.#committed(batch),
        failed: (error, attempt) => ports.announcer.storeFailed('readings', error, attempt),
        recovered: () => ports.announcer.storeRecovered('readings'),
        scheduler: ports.scheduler,
      },
      limits,
    );
  }

  /**
   * Takes a message. When all that it asks for is committed, the returned promise resolves; without a
   * promise that is the case already, or the message has QoS 0 and nobody waits. Many messages share a
   * promise. Rejects with what `overloaded` gives, and with nothing else.
   */
  accept(message: IncomingMessage, sender: MessageSender): Promise<void> | undefined {
    this.#meter.messages += 1;
    // MQTT 5.0 section 3.3.1.3: an empty retained message takes the retained one away. It says nothing else.
    if (message.retain && message.payload.length === 0) return undefined;
    const settled = this.#route(message, sender);
    return message.qos === 0 ? undefined : settled;
  }

  /**
   * What a kept message would be as readings now; a refusal is one of the answers. Nothing is stored or counted. Readings
   * without a time have that of receipt, and `isStamped` says that there are some.
   */
  rehearse(message: IncomingMessage, sender: MessageSender): Replay {
    const replay = beginReplay(message.receivedAtMs, true);
    void this.#route({ ...message, replay }, sender);
    for (const { series } of replay.readings) {
      // Made for the rehearsal, and nothing was stored in it.
      if (series.id === 0 && series.newestTs === -Infinity) this.#book.discard(series);
    }
    return replay;
  }

  /**
   * Takes a kept message again, as it was received then; its readings that have no time get `stampMs`. A refusal is an
   * answer and makes no dead letter. Repeated with the same `stampMs` it stores nothing twice. `settled` is like the
   * promise of `accept`.
   */
  replay(message: IncomingMessage, sender: MessageSender, stampMs: number): ReplayOutcome {
    const replay = beginReplay(stampMs, false);
    const settled = this.#route({ ...message, qos: 1, replay }, sender);
    if (replay.refusal !== undefined) return { result: 'refused', refusal: replay.refusal };
    return replay.hasReadings ? { result: 'accepted', settled } : { result: 'no-readings' };
  }

  /**
   * Makes the device that a mapping wants for a kept message, before it walks; undefined when there is nothing to make.
   * Whether it may not be made is told by the walk.
   */
  prepare(message: IncomingMessage, sender: MessageSender): Promise<void> | undefined {
    const addressed = address(message, sender);
    if (addressed instanceof Refusal || addressed.to !== 'foreign') return undefined;
    const mapping = this.#ports.mappings.find(sender.homeId, message.topic);
    const mapped = mapping && map(addressed, mapping);
    if (mapped === undefined || mapped instanceof Refusal || !this.#wants(mapped)) return undefined;
    if (parseMapped(mapped) instanceof Refusal) return undefined;
    return this.#made.make(toWanted(mapped)).then(() => undefined);
  }

  /** What `mapping` would make of a message; undefined when its filter does not match. Nothing is stored or counted. */
  tryMapping(
    message: IncomingMessage,
    sender: MessageSender,
    mapping: CompiledMapping,
  ): Trial | undefined {
    return tryMapping({ message, sender }, mapping, this.#ports.devices, this.#book);
  }

  /** The last messages of a home that mappings took, the newest first. */
  listRecent(homeId: string): RecentMessage[] {
    return this.#recent.list(homeId);
  }

  /** When every message on a discovered topic that was noted so far is committed; undefined when it already is. */
  pendingDiscoveries(): Promise<void> | undefined {
    return this.#inbox.pendingTopics();
  }

  /**
   * The batch that gathers, readings or not, for what the store commits along with it. `settled` is the promise that
   * `accept` gives to readings of now; it never rejects. What is accepted in the rest of this turn of the event loop is
   * in the same batch.
   */
  join(): { readonly batch: ReadingBatch; readonly settled: Promise<void> } {
    return this.#writer.join();
  }

  /** Commits what waits; resolves with the number of readings left behind, unacknowledged. */
  async stop(): Promise<number> {
    const [left] = await Promise.all([this.#writer.stop(), this.#inbox.stop()]);
    return left;
  }

  counts(): IngestCounts {
    return {
      ...this.#meter.counts(this.#ports.scheduler.now()),
      commits: this.#writer.commits,
      failedCommits: this.#writer.failedCommits,
      failingSinceMs: this.#writer.failingSinceMs ?? null,
      isFailing: this.#writer.isFailing,
      waiting: this.#writer.waitingRows,
      deadLetters: this.#inbox.storedLetters,
      discovered: this.#inbox.sightings,
      droppedDeadLetters: this.#inbox.droppedLetters,
      droppedSightings: this.#inbox.droppedSightings,
    };
  }

  #route(message: IncomingMessage, sender: MessageSender): Promise<void> | undefined {
    const addressed = address(message, sender);
    if (addressed instanceof Refusal) return this.#refuse({ message, sender }, addressed);
    if (addressed.to === 'telemetry') return this.#ingestTelemetry(addressed);
    if (addressed.to === 'report') return this.#ingestReport(addressed);
    return this.#ingestForeign(addressed);
  }

  #ingestForeign(addressed: AddressedForeign): Promise<void> | undefined {
    const { message, sender } = addressed;
    const mapping = this.#ports.mappings.find(sender.homeId, message.topic);
    if (mapping !== undefined) {
      return this.#ingestMapped(map(addressed, mapping), addressed, mapping.source.filter);
    }
    if (message.replay === undefined) return this.#inbox.discover(message, sender);
    message.replay.hasReadings = false;
    return undefined;
  }

  /** The line of a message that a mapping claims. */
  #ingestMapped(
    mapped: MappedTelemetry | Refusal,
    received: Received,
    filter: string,
  ): Promise<void> | undefined {
    if (mapped instanceof Refusal) return this.#refuse(received, mapped.by(filter));
    const parsed = parseMapped(mapped);
    if (!(parsed instanceof Refusal) && this.#wants(mapped)) return this.#make(mapped);
    const known = onwards(parsed, this.#identify);
    const normalised = onwards(known, this.#normalise);
    const fresh = onwards(normalised, deduplicate);
    if (fresh instanceof Refusal) return this.#refuse(mapped, fresh.by(filter));
    if (mapped.message.replay === undefined) {
      this.#recent.note(mapped);
      const { deviceId, message } = mapped;
      this.#ports.announcer.spokenFor({ deviceId, atMs: message.receivedAtMs });
    }
    return this.#store(fresh);
  }

  #wants({ deviceId, mapping, message }: MappedTelemetry): boolean {
    if (mapping.source.createKind === null || message.replay !== undefined) return false;
    return this.#ports.devices.findDevice(deviceId) === undefined;
  }

  /** Waits for the device, then goes on. */
  #make(mapped: MappedTelemetry): Promise<void> | undefined {
    const { message, mapping, deviceId } = mapped;
    if (this.#made.waiting >= this.#limits.maxWaitingForDevices) return this.#turnAway(message);
    const kept = copyOf(message);
    return this.#made.make(toWanted(mapped)).then((refusal) => {
      const later = { ...mapped, message: kept };
      if (refusal !== undefined) return this.#refuse(later, refusal.by(mapping.source.filter));
      // The mapping may have gone meanwhile, and the device too: it is asked again, but makes nothing more.
      const missing = this.#ports.devices.findDevice(deviceId) === undefined;
      if (missing) return this.#refuse(later, new Refusal('unknown-device', `${deviceId} is gone`));
      return this.#ingestMapped(later, later, mapping.source.filter);
    });
  }

  #turnAway(message: IncomingMessage): Promise<void> | undefined {
    if (message.qos === 0) {
      this.#meter.droppedQos0 += 1;
      return undefined;
    }
    this.#meter.overloaded += 1;
    return Promise.reject(this.#ports.overloaded());
  }

  /** The straight line. Its end, remember and announce, runs once for a batch, in `#committed`. */
  #ingestTelemetry(addressed: AddressedTelemetry): Promise<void> | undefined {
    const parsed = parse(addressed);
    const known = onwards(parsed, this.#identify);
    const normalised = onwards(known, this.#normalise);
    const fresh = onwards(normalised, deduplicate);
    if (fresh instanceof Refusal) return this.#refuse(addressed, fresh);
    return this.#store(fresh);
  }

  async #commit(batch: ReadingBatch): Promise<void> {
    const beganAtMs = this.#ports.scheduler.now();
    const inserted = await this.#ports.readings.store(batch);
    this.#meter.commit(batch.rows, inserted, this.#ports.scheduler.now() - beganAtMs);
  }

  #committed(batch: ReadingBatch): void {
    const changed = remember(batch);
    announce(changed, this.#ports.announcer);
    this.#meter.acknowledge(batch, this.#ports.scheduler.now());
  }

  #ingestReport(addressed: AddressedReport): Promise<void> | undefined {
    const parsed = parseReport(addressed);
    const known = onwards(parsed, this.#identifyReport);
    if (known instanceof Refusal) return this.#refuse(addressed, known);
    const { replay } = addressed.message;
    if (replay !== undefined) {
      // It was true then. The device has said more of itself since.
      replay.hasReadings = false;
      return undefined;
    }
    if (known.report.name === 'info') {
      this.#book.declareUnits(addressed.deviceId, known.report.payload);
    }
    announceReport(known, this.#ports.announcer);
    return undefined;
  }

  // Fields, not methods: made once, not for every message.
  readonly #identify = (parsed: Parsed): Known | Refusal => {
    const { addressed, samples } = parsed;
    const device = identify(addressed.deviceId, addressed.sender, this.#ports.devices);
    return device instanceof Refusal ? device : { addressed, samples, device };
  };

  readonly #identifyReport = (parsed: ParsedReport): ParsedReport | Refusal => {
    const { deviceId, sender } = parsed.addressed;
    const device = identify(deviceId, sender, this.#ports.devices);
    return device instanceof Refusal ? device : parsed;
  };

  readonly #normalise = (known: Known): Normalised | Refusal => {
    const { replay } = known.addressed.message;
    if (replay === undefined) {
      const fresh = normalise(known, this.#book);
      const { addressed, samples, device } = known;
      // A time that is refused is kept with its dead letter.
      if (!(fresh instanceof Refusal)) {
        this.clocks.note(device.id, samples, addressed.message.receivedAtMs);
      }
      return fresh;
    }
    const normalised = normalise(stampSamples(known, replay), this.#book);
    if (!(normalised instanceof Refusal)) replay.readings = normalised.readings;
    return normalised;
  };

  #store(fresh: Fresh): Promise<void> | undefined {
    const { replay } = fresh.message;
    if (replay?.isRehearsal === true) return undefined;
    const rows = fresh.readings.length;
    if (rows === 0) {
      this.#meter.readings += fresh.repeated;
      this.#meter.duplicates += fresh.repeated;
      return undefined;
    }
    const waiting = this.#writer.waitingRows + rows;
    if (fresh.message.qos === 0 && waiting > this.#limits.maxWaitingRows) {
      return this.#turnAway(fresh.message);
    }
    if (waiting > this.#limits.maxHeldRows) return this.#turnAway(fresh.message);
    this.#meter.readings += rows + fresh.repeated;
    this.#meter.duplicates += fresh.repeated;
    const { batch, settled } = this.#writer.gather(rows);
    store(fresh, batch);
    // How long an old message lay there is no latency of an acknowledgement.
    if (replay === undefined) batch.receivedAtMs.push(fresh.message.receivedAtMs);
    return settled;
  }

  /** A refusal is acknowledged: what can never be stored must not jam the sender's window. */
  #refuse(received: Received, refusal: Refusal): Promise<void> | undefined {
    const { message, sender } = received;
    if (message.replay !== undefined) {
      message.replay.refusal = refusal;
      return undefined;
    }
    this.#meter.refuse(refusal);
    return this.#inbox.keepRefused(message, sender, this.#blame(received), refusal);
  }

  /** In whose list a dead letter stands: of the device that sent it, else of the one that it is about. */
  #blame(received: Received | MappedTelemetry): KnownDevice | undefined {
    const { message, sender } = received;
    if (sender.type === 'device') return { id: sender.deviceId, homeId: sender.homeId };
    const deviceId =
      'mapping' in received ? received.deviceId : parseTopic(message.topic)?.deviceId;
    const device = deviceId === undefined ? undefined : this.#ports.devices.findDevice(deviceId);
    // A topic or a mapping may name what is another home's: what was sent here is nothing for their list.
    return device?.homeId === sender.homeId ? device : undefined;
  }
}

/** The broker's buffer is somebody else's by then; and its messages have getters, which a spread would leave out. */
function copyOf({
  topic,
  payload,
  qos,
  retain,
  kind,
  receivedAtMs,
}: IncomingMessage): IncomingMessage {
  return { topic, payload: Buffer.from(payload), qos, retain, kind, receivedAtMs };
}

function toWanted({ deviceId, sender, mapping }: MappedTelemetry): WantedDevice {
  return { id: deviceId, homeId: sender.homeId, kind: mapping.source.createKind ?? 'sensor' };
}

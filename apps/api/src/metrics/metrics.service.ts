// Everything that is counted, as Prometheus reads it. Each app has a registry of its own.
import { Injectable, type OnModuleDestroy, type OnModuleInit } from '@nestjs/common';
import { PRESENCE_STATES } from '@hearth/contracts';
import { Counter, Gauge, Registry } from 'prom-client';
import { reasonName } from '../broker/broker-stats.js';
import { BrokerService } from '../broker/broker.service.js';
import { IngestService } from '../ingest/ingest.service.js';
import { LiveGateway } from '../live/live.gateway.js';
import { Packer } from '../pages/packer.service.js';
import { PresenceService } from '../presence/presence.service.js';
import { RollupWorker } from '../rollups/rollup-worker.service.js';
import { EventLoopDelay } from './event-loop-delay.js';
import { ReadHistogram } from './read-histogram.js';

/** A value with the labels that tell it from its siblings. */
type Sample = readonly [labels: Record<string, string>, value: number];

@Injectable()
export class MetricsService implements OnModuleInit, OnModuleDestroy {
  readonly #broker: BrokerService;
  readonly #ingest: IngestService;
  readonly #presence: PresenceService;
  readonly #live: LiveGateway;
  readonly #rollups: RollupWorker;
  readonly #packer: Packer;
  readonly #registry = new Registry();
  readonly #delay = new EventLoopDelay();

  constructor(
    broker: BrokerService,
    ingest: IngestService,
    presence: PresenceService,
    live: LiveGateway,
    rollups: RollupWorker,
    packer: Packer,
  ) {
    this.#broker = broker;
    this.#ingest = ingest;
    this.#presence = presence;
    this.#live = live;
    this.#rollups = rollups;
    this.#packer = packer;
  }

  onModuleInit(): void {
    this.#delay.start();
    this.#addProcess();
    this.#addBroker();
    this.#addIngest();
    this.#addCommits();
    this.#addHistory();
    this.#addHouse();
  }

  onModuleDestroy(): void {
    this.#delay.stop();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** In the text format of Prometheus. */
  read(): Promise<string> {
    return this.#registry.metrics();
  }

  #addProcess(): void {
    this.#gauge('hearth_event_loop_delay_seconds', 'Delay of the event loop', ['quantile'], () => {
      const { p50, p99, max } = this.#delay.take();
      return [
        [{ quantile: '0.5' }, p50],
        [{ quantile: '0.99' }, p99],
        [{ quantile: '1' }, max],
      ];
    });
    this.#gauge('hearth_resident_memory_bytes', 'Resident memory of the process', [], () => [
      [{}, process.memoryUsage.rss()],
    ]);
    this.#counter('hearth_cpu_seconds_total', 'Processor time used', ['mode'], () => {
      const { user, system } = process.cpuUsage();
      return [
        [{ mode: 'user' }, user / 1e6],
        [{ mode: 'system' }, system / 1e6],
      ];
    });
  }

  #addBroker(): void {
    const stats = () => this.#broker.stats();
    this.#gauge('hearth_broker_clients', 'Connected MQTT clients', [], () => [
      [{}, stats().connectedClients],
    ]);
    this.#gauge('hearth_broker_sessions', 'MQTT sessions, connected or not', [], () => [
      [{}, stats().sessions],
    ]);
    this.#gauge('hearth_broker_subscriptions', 'MQTT subscriptions', [], () => [
      [{}, stats().subscriptions],
    ]);
    this.#gauge('hearth_broker_retained_messages', 'Retained messages', [], () => [
      [{}, stats().retainedMessages],
    ]);
    this.#gauge('hearth_broker_queued_messages', 'Messages waiting in sessions', [], () => [
      [{}, stats().queuedMessages],
    ]);
    this.#counter('hearth_broker_messages_total', 'PUBLISH packets', ['direction', 'qos'], () => {
      const { messagesIn, messagesOut } = stats();
      return [
        ...Object.entries(messagesIn).map(([qos, count]): Sample => [
          { direction: 'in', qos },
          count,
        ]),
        ...Object.entries(messagesOut).map(([qos, count]): Sample => [
          { direction: 'out', qos },
          count,
        ]),
      ];
    });
    this.#counter('hearth_broker_bytes_total', 'Bytes on the wire', ['direction'], () => [
      [{ direction: 'in' }, stats().bytesIn],
      [{ direction: 'out' }, stats().bytesOut],
    ]);
    this.#counter('hearth_broker_dropped_total', 'Messages not delivered', ['reason'], () =>
      Object.entries(stats().dropped).map(([reason, count]): Sample => [{ reason }, count]),
    );
    this.#counter('hearth_broker_refused_total', 'Refused connections', ['reason'], () =>
      Object.entries(stats().refused).map(([code, count]): Sample => [
        { reason: reasonName(Number(code)) },
        count,
      ]),
    );
    this.#counter('hearth_broker_denied_total', 'Topics that were denied', ['action'], () =>
      Object.entries(stats().denied).map(([action, count]): Sample => [{ action }, count]),
    );
  }

  #addIngest(): void {
    const stats = () => this.#ingest.stats();
    this.#counter('hearth_ingest_messages_total', 'Messages taken in', [], () => [
      [{}, stats().messages],
    ]);
    this.#counter('hearth_ingest_readings_total', 'Readings in them', [], () => [
      [{}, stats().readings],
    ]);
    this.#counter('hearth_ingest_stored_total', 'Readings stored, duplicates apart', [], () => [
      [{}, stats().stored],
    ]);
    this.#counter('hearth_ingest_duplicates_total', 'Readings that were there already', [], () => [
      [{}, stats().duplicates],
    ]);
    this.#counter('hearth_ingest_dropped_total', 'QoS 0 messages dropped', [], () => [
      [{}, stats().droppedQos0],
    ]);
    this.#counter('hearth_ingest_overloaded_total', 'QoS 1 and 2 messages refused', [], () => [
      [{}, stats().overloaded],
    ]);
    this.#counter('hearth_ingest_dead_letters_total', 'Dead letters kept', [], () => [
      [{}, stats().deadLetters],
    ]);
    this.#counter('hearth_ingest_dead_letters_dropped_total', 'Dead letters not kept', [], () => [
      [{}, stats().droppedDeadLetters],
    ]);
    this.#counter('hearth_ingest_discovered_total', 'Messages that no device claims', [], () => [
      [{}, stats().discovered],
    ]);
    this.#counter('hearth_ingest_discovered_dropped_total', 'Those that were not noted', [], () => [
      [{}, stats().droppedSightings],
    ]);
    this.#gauge('hearth_ingest_waiting', 'Rows waiting to be stored', [], () => [
      [{}, stats().waiting],
    ]);
    this.#counter('hearth_ingest_refused_total', 'Dead letters', ['step', 'code'], () =>
      stats().refused.map(({ step, code, count }): Sample => [{ step, code }, count]),
    );
    this.#gauge(
      'hearth_ingest_acknowledgement_seconds',
      'Of the last minutes: time from a message to its acknowledgement after the commit',
      ['quantile'],
      () => {
        const { ackP50Ms, ackP99Ms } = stats();
        if (ackP50Ms === null || ackP99Ms === null) return [];
        return [
          [{ quantile: '0.5' }, ackP50Ms / 1_000],
          [{ quantile: '0.99' }, ackP99Ms / 1_000],
        ];
      },
    );
  }

  #addCommits(): void {
    const stats = () => this.#ingest.stats();
    this.#counter('hearth_ingest_commits_total', 'Transactions', [], () => [[{}, stats().commits]]);
    this.#counter('hearth_ingest_commit_failures_total', 'Attempts that failed', [], () => [
      [{}, stats().failedCommits],
    ]);
    this.#gauge(
      'hearth_ingest_failing_since_timestamp_seconds',
      'When commits began to fail; 0 while they succeed',
      [],
      () => [[{}, (stats().failingSinceMs ?? 0) / 1_000]],
    );
    const seconds = 0.001;
    const name = 'hearth_ingest_commit';
    const histograms = [
      new ReadHistogram(
        { name: `${name}_rows`, help: 'Rows of a transaction', unit: 1 },
        () => stats().commitRows,
      ),
      new ReadHistogram(
        { name: `${name}_duration_seconds`, help: 'Duration of a transaction', unit: seconds },
        () => stats().commitMs,
      ),
      new ReadHistogram(
        {
          name: 'hearth_ingest_acknowledgement_duration_seconds',
          help: 'Time from a message to its acknowledgement after the commit',
          unit: seconds,
        },
        () => stats().ackMs,
      ),
    ];
    for (const histogram of histograms) this.#registry.registerMetric(histogram);
  }

  #addHistory(): void {
    this.#gauge(
      'hearth_rollup_stale_hours',
      'Hours of series that wait to be rolled up, those under way included; counted up to 100000',
      [],
      () => {
        const { stale } = this.#rollups;
        return stale === undefined ? [] : [[{}, stale]];
      },
    );
    this.#counter('hearth_rollup_recomputed_hours_total', 'Hours of series rolled up', [], () => [
      [{}, this.#rollups.recomputed],
    ]);
    this.#counter('hearth_page_packed_days_total', 'Days of series packed', [], () => [
      [{}, this.#packer.packedDays],
    ]);
    this.#counter('hearth_page_unpacked_days_total', 'Pages unpacked for late readings', [], () => [
      [{}, this.#packer.unpackedDays],
    ]);
  }

  #addHouse(): void {
    this.#gauge('hearth_devices', 'Devices by presence', ['state'], () => {
      const counts = this.#presence.countStates();
      return PRESENCE_STATES.map((state): Sample => [{ state }, counts.get(state) ?? 0]);
    });
    this.#gauge('hearth_live_clients', 'Browsers on the live feed', [], () => [
      [{}, this.#live.visitors],
    ]);
  }

  #gauge(name: string, help: string, labelNames: string[], read: () => readonly Sample[]): void {
    const registers = [this.#registry];
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect: () => {
        gauge.reset();
        for (const [labels, value] of read()) gauge.set(labels, value);
      },
    });
  }

  /** A counter that something else counts: its total is read when asked for. */
  #counter(name: string, help: string, labelNames: string[], read: () => readonly Sample[]): void {
    const registers = [this.#registry];
    const counter: Counter = new Counter({
      name,
      help,
      labelNames,
      registers,
      collect: () => {
        counter.reset();
        for (const [labels, value] of read()) counter.inc(labels, value);
      },
    });
  }
}

// Tries a mapping in place, on the last messages: what it would make of each, or why not.
import { Inject, Injectable } from '@nestjs/common';
import type { HomeId, MappingDraft, MappingTest, MappingTrial } from '@hearth/contracts';
import { compileMapping, Ingest, mappingMatches, type CompiledMapping } from '@hearth/ingest';
import { CLOCK, type Clock } from '../common/clock.js';
import { Directory } from '../directory/directory.js';
import { DiscoveredMessageRepository } from '../inbox/discovered-message.repository.js';
import { DiscoveredTopicRepository } from '../inbox/discovered-topic.repository.js';
import { TrialRepository } from './trial.repository.js';

/** Messages that one test answers: what a person looks through. */
const MAX_TRIALS = 50;
/** Of one topic, so that a busy one does not hide the others. */
const MAX_TRIALS_PER_TOPIC = 5;
/** Refused messages that are looked at for some that match. */
const LOOKED_AT_LETTERS = 500;
/** Larger ones are no readings of a device that somebody maps by hand. */
const MAX_TRIED_BYTES = 16 * 1024;
/** Characters of a payload that are answered. */
const SHOWN_CHARACTERS = 4_096;

interface Candidate {
  readonly source: MappingTrial['source'];
  readonly topic: string;
  readonly receivedAt: Date;
  readonly principalId: string;
  readonly payload: Buffer;
}

@Injectable()
export class TrialService {
  readonly #ingest: Ingest;
  readonly #topics: DiscoveredTopicRepository;
  readonly #messages: DiscoveredMessageRepository;
  readonly #refused: TrialRepository;
  readonly #directory: Directory;
  readonly #clock: Clock;

  constructor(
    ingest: Ingest,
    topics: DiscoveredTopicRepository,
    messages: DiscoveredMessageRepository,
    refused: TrialRepository,
    directory: Directory,
    @Inject(CLOCK) clock: Clock,
  ) {
    this.#ingest = ingest;
    this.#topics = topics;
    this.#messages = messages;
    this.#refused = refused;
    this.#directory = directory;
    this.#clock = clock;
  }

  /** Given messages first, whether they match or not; then those that are kept and match. */
  async test(homeId: HomeId, { mapping, messages }: MappingTest): Promise<MappingTrial[]> {
    const compiled = compileMapping({ ...mapping, id: '', homeId });
    const given = messages.map(({ topic, payload }) => ({
      source: 'given' as const,
      topic,
      receivedAt: new Date(this.#clock.now()),
      principalId: '',
      payload: Buffer.from(payload),
    }));
    const kept = await this.#findKept(homeId, compiled);
    return [...given, ...kept]
      .slice(0, MAX_TRIALS)
      .map((candidate) => this.#try(homeId, mapping, compiled, candidate));
  }

  async #findKept(homeId: HomeId, mapping: CompiledMapping): Promise<Candidate[]> {
    const matches = ({ topic }: { topic: string }) => mappingMatches(mapping, topic.split('/'));
    const topics = (await this.#topics.list(homeId)).filter(matches).map(({ topic }) => topic);
    const discovered = await this.#messages.listNewest(
      homeId,
      topics,
      MAX_TRIALS_PER_TOPIC,
      MAX_TRIALS,
    );
    const refused = await this.#refused.listRefused(homeId, MAX_TRIED_BYTES, LOOKED_AT_LETTERS);
    const recent = this.#ingest.listRecent(homeId);
    return [
      ...discovered.map((one) => ({ source: 'discovered' as const, ...one })),
      ...recent.filter(matches).map(({ receivedAtMs, ...one }) => ({
        source: 'recent' as const,
        receivedAt: new Date(receivedAtMs),
        ...one,
      })),
      ...refused.filter(matches).map((one) => ({ source: 'dead-letter' as const, ...one })),
    ];
  }

  #try(
    homeId: HomeId,
    { filter }: MappingDraft,
    mapping: CompiledMapping,
    { source, topic, receivedAt, principalId, payload }: Candidate,
  ): MappingTrial {
    const receivedAtMs = receivedAt.getTime();
    const trial = this.#ingest.tryMapping(
      { topic, payload, qos: 1, retain: false, kind: 'publish', receivedAtMs },
      { type: 'integration', username: principalId, homeId },
      mapping,
    );
    const deviceId = trial?.deviceId ?? null;
    const refusal =
      trial === undefined
        ? { code: 'no-match', detail: `${filter} does not match this topic` }
        : (trial.refusal ?? null);
    return {
      source,
      topic,
      receivedAt: receivedAt.toISOString(),
      payloadText: payload.toString().slice(0, SHOWN_CHARACTERS).toWellFormed(),
      deviceId,
      deviceExists: this.#directory.findDevice(deviceId ?? '')?.homeId === homeId,
      readings: (trial?.readings ?? []).map(({ series: { metric, unit }, ts, value }) => ({
        metric,
        value,
        unit,
        ts,
      })),
      refusal: refusal && { code: refusal.code, detail: refusal.detail },
    };
  }
}

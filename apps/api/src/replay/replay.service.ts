// Dead letters walk the line of ingestion again, after what was wrong was put right.
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  MAX_REPLAYED_LETTERS,
  type DeadLetterReplay,
  type DeadLetterReplayResult,
  type HomeId,
  type ReplayHindrance,
} from '@hearth/contracts';
import { Ingest, type IncomingMessage, type MessageSender } from '@hearth/ingest';
import { auditOf } from '../audit/audit-entry.js';
import type { Actor } from '../auth/access.js';
import { principalFor } from '../broker/principals.js';
import { Turns } from '../common/turns.js';
import { Directory } from '../directory/directory.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { findHindrance } from '../inbox/hindrance.js';
import { ReplayUnfinished } from './errors.js';
import { ReplayRepository, type KeptMessage, type NewReason } from './replay.repository.js';

/** Bytes of payload that one call holds in memory. */
const MAX_REPLAYED_BYTES = 8 * 1024 * 1024;
/** How long a call waits for commits, milliseconds: less than a browser waits for an answer. */
const COMMIT_PATIENCE_MS = 15_000;
/** How far from its arrival a reading without a time may be put, milliseconds; first one look, then another. */
const STAMP_RANGES_MS = [1_000, 60_000];

/** A letter that may walk: who sends it, as what. */
interface Walk {
  readonly letter: KeptMessage;
  readonly message: IncomingMessage;
  readonly sender: MessageSender;
}

/** What became of the letters of one call, by id. */
interface Outcome {
  readonly replayed: string[];
  readonly refused: NewReason[];
  readonly hindered: ReplayHindrance[];
}

@Injectable()
export class ReplayService {
  readonly #letters: ReplayRepository;
  readonly #ingest: Ingest;
  readonly #directory: Directory;
  readonly #events: HearthEventBus;
  readonly #turns = new Turns();

  constructor(
    letters: ReplayRepository,
    ingest: Ingest,
    directory: Directory,
    events: HearthEventBus,
  ) {
    this.#letters = letters;
    this.#ingest = ingest;
    this.#directory = directory;
    this.#events = events;
  }

  /**
   * Replays the oldest letters that are asked for, as many as one call may. A letter that becomes readings is removed; one
   * that is refused again stays, with the reason of now. Throws `ReplayUnfinished` when the commit takes too long.
   */
  replay(homeId: HomeId, actor: Actor, request: DeadLetterReplay): Promise<DeadLetterReplayResult> {
    // One after the other: two at once could give two letters one free time.
    return this.#turns.run('replay', () => this.#replay(homeId, actor, request));
  }

  async #replay(
    homeId: HomeId,
    actor: Actor,
    request: DeadLetterReplay,
  ): Promise<DeadLetterReplayResult> {
    const selection =
      'ids' in request
        ? { homeId, filter: {}, ids: request.ids }
        : { homeId, filter: request.filter };
    const { letters, matching } = await this.#letters.take(
      selection,
      request.cursor ?? '0',
      MAX_REPLAYED_LETTERS,
      MAX_REPLAYED_BYTES,
    );
    const outcome: Outcome = { replayed: [], refused: [], hindered: [] };
    const walks = this.#findWalks(letters, homeId, outcome);
    await this.#prepare(walks);
    await this.#walkAll(walks, await this.#chooseStamps(walks), outcome);
    const { replayed, refused, hindered } = outcome;
    if (letters.length > 0) {
      const counts = {
        replayed: replayed.length,
        refused: refused.length,
        hindered: hindered.length,
      };
      const audit = auditOf(actor, 'dead-letters.replayed', homeId, counts);
      await this.#letters.finish(replayed, refused, audit);
      this.#events.emit('changed', { what: 'dead-letters', deviceId: null });
    }
    const remaining = matching - letters.length;
    return {
      replayed: replayed.length,
      refused: countRefused(refused),
      hindered: countHindered(hindered),
      remaining,
      cursor: remaining > 0 ? (letters.at(-1)?.id ?? null) : null,
    };
  }

  #findWalks(letters: readonly KeptMessage[], homeId: HomeId, outcome: Outcome): Walk[] {
    const walks: Walk[] = [];
    for (const letter of letters) {
      const hindrance = findHindrance(letter, homeId, this.#directory);
      const owner = this.#directory.findByUsername(letter.principalId ?? '');
      if (hindrance !== undefined || owner === undefined) {
        outcome.hindered.push(hindrance ?? 'sender-gone');
        continue;
      }
      walks.push({ letter, message: toMessage(letter), sender: principalFor(owner).data });
    }
    return walks;
  }

  /** Devices that a mapping makes for them are there before they walk. */
  async #prepare(walks: readonly Walk[]): Promise<void> {
    const made = walks.flatMap(
      ({ message, sender }) => this.#ingest.prepare(message, sender) ?? [],
    );
    await withPatience(Promise.all(made));
  }

  /**
   * The time of the readings without one, by id of the letter. It is kept before anything is stored: should this end half
   * way, the next try stores the same rows, and none twice.
   */
  async #chooseStamps(walks: readonly Walk[]): Promise<Map<string, number>> {
    const stamps = new Map<string, number>();
    const chosen = new Map<string, number>();
    const taken = new Set<number>();
    for (const { letter, message, sender } of walks) {
      if (letter.stampedAt !== null) {
        stamps.set(letter.id, letter.stampedAt.getTime());
        continue;
      }
      const { isStamped, readings } = this.#ingest.rehearse(message, sender);
      if (!isStamped || readings.length === 0) continue;
      const seriesIds = readings.map(({ series }) => series.id).filter((id) => id > 0);
      const at = await this.#findFreeTime(letter, seriesIds, taken);
      taken.add(at);
      chosen.set(letter.id, at);
      stamps.set(letter.id, at);
    }
    await this.#letters.keepStamps(chosen);
    return stamps;
  }

  async #findFreeTime(
    { receivedAt, principalId }: KeptMessage,
    seriesIds: readonly number[],
    chosen: ReadonlySet<number>,
  ): Promise<number> {
    const fromMs = receivedAt.getTime();
    for (const rangeMs of STAMP_RANGES_MS) {
      const toMs = fromMs + rangeMs;
      const taken = await this.#letters.listTakenTimes(seriesIds, principalId ?? '', fromMs, toMs);
      for (let ms = fromMs; ms < toMs; ms += 1) {
        if (!taken.has(ms) && !chosen.has(ms)) return ms;
      }
    }
    // A reading in every millisecond of a minute: the one of this time says the same.
    return fromMs;
  }

  async #walkAll(
    walks: readonly Walk[],
    stamps: ReadonlyMap<string, number>,
    outcome: Outcome,
  ): Promise<void> {
    const commits: Promise<void>[] = [];
    for (const { letter, message, sender } of walks) {
      const { id } = letter;
      const answer = this.#ingest.replay(message, sender, stamps.get(id) ?? message.receivedAtMs);
      if (answer.result === 'refused') {
        const { step, code, detail } = answer.refusal;
        outcome.refused.push({ id, step, code, detail });
      } else if (answer.result === 'no-readings') {
        outcome.hindered.push('unclaimed');
      } else {
        const stored = Promise.resolve(answer.settled).then(
          () => void outcome.replayed.push(id),
          () => void outcome.hindered.push('busy'),
        );
        commits.push(stored);
      }
    }
    await withPatience(Promise.all(commits));
  }
}

function toMessage({ topic, payload, receivedAt }: KeptMessage): IncomingMessage {
  const receivedAtMs = receivedAt.getTime();
  return { topic, payload, qos: 1, retain: false, kind: 'publish', receivedAtMs };
}

async function withPatience(commits: Promise<unknown>): Promise<void> {
  const impatience = new AbortController();
  const tooLate = pause(COMMIT_PATIENCE_MS, 'too late', { signal: impatience.signal, ref: false });
  try {
    if ((await Promise.race([commits, tooLate])) === 'too late') throw new ReplayUnfinished();
  } finally {
    tooLate.catch(() => undefined);
    impatience.abort();
  }
}

function countRefused(reasons: readonly NewReason[]): DeadLetterReplayResult['refused'] {
  const counts = new Map<string, { step: string; code: string; count: number }>();
  for (const { step, code } of reasons) {
    const known = counts.get(code);
    if (known === undefined) counts.set(code, { step, code, count: 1 });
    else known.count += 1;
  }
  return [...counts.values()];
}

function countHindered(hindrances: readonly ReplayHindrance[]): DeadLetterReplayResult['hindered'] {
  const counts = new Map<ReplayHindrance, number>();
  for (const hindrance of hindrances) counts.set(hindrance, (counts.get(hindrance) ?? 0) + 1);
  return [...counts].map(([hindrance, count]) => ({ hindrance, count }));
}

// Dead letters as people see them: grouped, searched, looked at, removed.
import { Injectable } from '@nestjs/common';
import type {
  DeadLetter,
  DeadLetterFilter,
  DeadLetterGroups,
  HomeId,
  WholeDeadLetter,
} from '@hearth/contracts';
import { auditOf } from '../audit/audit-entry.js';
import type { Actor } from '../auth/access.js';
import { Turns } from '../common/turns.js';
import { Directory } from '../directory/directory.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { DeadLetterRepository, type StoredLetter } from './dead-letter.repository.js';
import { DeadLetterNotFound, FilterMissing } from './errors.js';
import { findHindrance } from './hindrance.js';
import { KEEP_LETTERS_DAYS } from './letter-bounds.js';

/** Groups of one answer: more causes at once nobody reads. */
const MAX_GROUPS = 200;

/** A page of letters, newest first. */
export interface DeadLetterPage {
  readonly items: DeadLetter[];
  readonly nextCursor: string | null;
}

@Injectable()
export class DeadLetterService {
  readonly #letters: DeadLetterRepository;
  readonly #directory: Directory;
  readonly #events: HearthEventBus;
  /** A search looks through all that is kept: one at a time in a home, so that connections are left for ingestion. */
  readonly #searches = new Turns();

  constructor(letters: DeadLetterRepository, directory: Directory, events: HearthEventBus) {
    this.#letters = letters;
    this.#directory = directory;
    this.#events = events;
  }

  async list(
    homeId: HomeId,
    filter: DeadLetterFilter,
    beforeId: string | undefined,
    limit: number,
  ): Promise<DeadLetterPage> {
    const letters = await this.#inTurn(homeId, filter, () =>
      this.#letters.list({ homeId, filter }, beforeId, limit + 1),
    );
    const items = letters.slice(0, limit).map((letter) => this.#toDeadLetter(letter, homeId));
    return { items, nextCursor: letters.length > limit ? (items.at(-1)?.id ?? null) : null };
  }

  async listGroups(homeId: HomeId, filter: DeadLetterFilter): Promise<DeadLetterGroups> {
    const [groups, totals] = await this.#inTurn(homeId, filter, async () => [
      await this.#letters.listGroups({ homeId, filter }, MAX_GROUPS),
      await this.#letters.count({ homeId, filter }),
    ]);
    const items = groups.map(({ sample, firstAt, lastAt, ...counts }) => ({
      step: sample.step,
      code: sample.code,
      principalId: sample.principalId,
      ...counts,
      firstAt: firstAt.toISOString(),
      lastAt: lastAt.toISOString(),
      sample: this.#toDeadLetter(sample, homeId),
    }));
    return { items, ...totals, keepDays: KEEP_LETTERS_DAYS };
  }

  /** Throws `DeadLetterNotFound`. */
  async get(homeId: HomeId, id: string): Promise<WholeDeadLetter> {
    const letter = await this.#letters.find({ homeId, filter: {}, ids: [id] });
    if (letter === undefined) throw new DeadLetterNotFound();
    return {
      ...this.#toDeadLetter(letter, homeId),
      payloadBase64: letter.payload.toString('base64'),
    };
  }

  /** Throws `DeadLetterNotFound`. */
  async removeOne(homeId: HomeId, actor: Actor, id: string): Promise<void> {
    const removed = await this.#letters.remove({ homeId, filter: {}, ids: [id] }, () =>
      auditOf(actor, 'dead-letter.removed', id),
    );
    if (removed === 0) throw new DeadLetterNotFound();
    this.#events.emit('changed', { what: 'dead-letters', deviceId: null });
  }

  /** Removes all that match; resolves with their number. Throws `FilterMissing` when nothing is asked for. */
  async removeMatching(homeId: HomeId, actor: Actor, filter: DeadLetterFilter): Promise<number> {
    if (Object.keys(filter).length === 0) throw new FilterMissing();
    const removed = await this.#letters.remove({ homeId, filter }, (letters) =>
      auditOf(actor, 'dead-letters.removed', homeId, { filter: JSON.stringify(filter), letters }),
    );
    if (removed > 0) this.#events.emit('changed', { what: 'dead-letters', deviceId: null });
    return removed;
  }

  #inTurn<T>(homeId: HomeId, { text }: DeadLetterFilter, read: () => Promise<T>): Promise<T> {
    return text === undefined ? read() : this.#searches.run(homeId, read);
  }

  #toDeadLetter(letter: StoredLetter, homeId: HomeId): DeadLetter {
    const { receivedAt, payload, ...rest } = letter;
    return {
      ...rest,
      receivedAt: receivedAt.toISOString(),
      payloadText: payload.toString(),
      hindrance: findHindrance(letter, homeId, this.#directory) ?? null,
    };
  }
}

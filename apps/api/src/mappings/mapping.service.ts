// Topic mappings: what is saved, and the book of the pipeline that follows it.
import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import {
  mappingDraftSchema,
  type HomeId,
  type Mapping,
  type MappingChange,
  type MappingDraft,
} from '@hearth/contracts';
import { MappingBook, type MappingSource } from '@hearth/ingest';
import { auditOf, type AuditEntry } from '../audit/audit-entry.js';
import type { Actor } from '../auth/access.js';
import { defined } from '../common/defined.js';
import { Turns } from '../common/turns.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { InvalidMapping, MappingNotFound, TooManyMappings } from './errors.js';
import { MappingRepository } from './mapping.repository.js';

/** Matching takes the same time with more; a list of more is none that a person keeps. */
const MAX_MAPPINGS_PER_HOME = 1_000;

@Injectable()
export class MappingService implements OnModuleInit {
  readonly #mappings: MappingRepository;
  readonly #book: MappingBook;
  readonly #events: HearthEventBus;
  readonly #turns = new Turns();

  constructor(mappings: MappingRepository, book: MappingBook, events: HearthEventBus) {
    this.#mappings = mappings;
    this.#book = book;
    this.#events = events;
  }

  async onModuleInit(): Promise<void> {
    const homes = await this.#mappings.listHomes();
    await Promise.all(homes.map((homeId) => this.#refresh(homeId)));
  }

  list(homeId: HomeId): Promise<Mapping[]> {
    return this.#mappings.list(homeId);
  }

  /** Throws `MappingExists` or `TooManyMappings`. */
  create(homeId: HomeId, draft: MappingDraft, actor: Actor): Promise<Mapping> {
    return this.#inTurn(homeId, async () => {
      await this.#checkRoom(homeId, 1);
      const id = randomUUID();
      const audit = auditOf(actor, 'mapping.created', id, toDetail(draft));
      return this.#mappings.create(homeId, id, draft, audit);
    });
  }

  /** Throws `MappingNotFound`, `MappingExists` or `InvalidMapping`. */
  change(homeId: HomeId, id: string, wanted: MappingChange, actor: Actor): Promise<Mapping> {
    return this.#inTurn(homeId, async () => {
      const { id: _, createdAt: __, ...found } = await this.#get(homeId, id);
      const draft = mappingDraftSchema.safeParse({ ...found, ...defined(wanted) });
      if (!draft.success) {
        throw new InvalidMapping(
          draft.error.issues.map(({ path, message }) => ({ field: path.join('.'), message })),
        );
      }
      const audit = auditOf(actor, 'mapping.changed', id, toDetail(draft.data));
      return this.#mappings.change(id, draft.data, audit);
    });
  }

  /** Throws `MappingNotFound`. Readings that were made by it stay. */
  remove(homeId: HomeId, id: string, actor: Actor): Promise<void> {
    return this.#inTurn(homeId, async () => {
      const found = await this.#get(homeId, id);
      await this.#mappings.remove(id, auditOf(actor, 'mapping.removed', id, toDetail(found)));
    });
  }

  /** Makes mappings, in the place of those for the same topics. Throws `TooManyMappings`. */
  put(homeId: HomeId, drafts: readonly MappingDraft[], audit: AuditEntry): Promise<Mapping[]> {
    return this.#inTurn(homeId, async () => {
      await this.#checkRoom(homeId, drafts.length);
      const all = drafts.map((draft) => ({ id: randomUUID(), draft }));
      return this.#mappings.put(homeId, all, audit);
    });
  }

  async #get(homeId: HomeId, id: string): Promise<Mapping> {
    const found = (await this.#mappings.list(homeId)).find((one) => one.id === id);
    if (found === undefined) throw new MappingNotFound();
    return found;
  }

  async #checkRoom(homeId: HomeId, more: number): Promise<void> {
    const all = await this.#mappings.list(homeId);
    if (all.length + more > MAX_MAPPINGS_PER_HOME) throw new TooManyMappings(MAX_MAPPINGS_PER_HOME);
  }

  /** One change at a time, and the book is what was saved last. */
  #inTurn<T>(homeId: HomeId, change: () => Promise<T>): Promise<T> {
    return this.#turns.run(homeId, async () => {
      const result = await change();
      await this.#refresh(homeId);
      this.#events.emit('changed', { what: 'mappings', deviceId: null });
      return result;
    });
  }

  async #refresh(homeId: HomeId): Promise<void> {
    const all = await this.#mappings.list(homeId);
    const sources = all.filter(({ enabled }) => enabled).map((one) => toSource(homeId, one));
    this.#book.replace(homeId, sources);
  }
}

function toSource(homeId: HomeId, mapping: Mapping): MappingSource {
  const { id, filter, device, createKind, metrics, tsPath } = mapping;
  return { id, homeId, filter, device, createKind, metrics, tsPath };
}

function toDetail({ filter, device, metrics, enabled }: MappingDraft) {
  return { filter, device, metrics: metrics.map(({ metric }) => metric), enabled };
}

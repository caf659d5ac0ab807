// Adopts discovered topics: a device, their mappings, and readings of what is kept of them. Every part may be repeated.
import { setTimeout as pause } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import {
  mappingDraftSchema,
  type Adoption,
  type AdoptionResult,
  type DeviceId,
  type HomeId,
  type Mapping,
  type MappingDraft,
} from '@hearth/contracts';
import { Ingest, type IncomingMessage, type MessageSender } from '@hearth/ingest';
import { auditOf } from '../audit/audit-entry.js';
import type { Actor } from '../auth/access.js';
import { Turns } from '../common/turns.js';
import { DeviceService } from '../devices/device.service.js';
import {
  DiscoveredMessageRepository,
  type DiscoveredMessageRow,
} from '../inbox/discovered-message.repository.js';
import { InboxService } from '../inbox/inbox.service.js';
import { DiscoveredTopicNotFound } from '../inbox/errors.js';
import { AdoptionUnfinished, InvalidMapping } from './errors.js';
import { MappingService } from './mapping.service.js';

/** How long a call waits for commits, milliseconds: less than a browser waits for an answer. */
const COMMIT_PATIENCE_MS = 15_000;

@Injectable()
export class AdoptionService {
  readonly #ingest: Ingest;
  readonly #mappings: MappingService;
  readonly #devices: DeviceService;
  readonly #inbox: InboxService;
  readonly #messages: DiscoveredMessageRepository;
  readonly #turns = new Turns();

  constructor(
    ingest: Ingest,
    mappings: MappingService,
    devices: DeviceService,
    inbox: InboxService,
    messages: DiscoveredMessageRepository,
  ) {
    this.#ingest = ingest;
    this.#mappings = mappings;
    this.#devices = devices;
    this.#inbox = inbox;
    this.#messages = messages;
  }

  /**
   * Throws `DiscoveredTopicNotFound` for a topic that is neither discovered nor mapped, `DeviceNotFound`, `InvalidMapping`,
   * or `AdoptionUnfinished` when the commits take too long; then the same call again ends it.
   */
  adopt(homeId: HomeId, adoption: Adoption, actor: Actor): Promise<AdoptionResult> {
    return this.#turns.run(homeId, () => this.#adopt(homeId, adoption, actor));
  }

  async #adopt(homeId: HomeId, adoption: Adoption, actor: Actor): Promise<AdoptionResult> {
    const topics = adoption.topics.map(({ topic }) => topic);
    // A device id that fits stands in while there is none: what is wrong is told before anything is made.
    const drafts = toDrafts(adoption, 'x' as DeviceId);
    const existing = (await this.#mappings.list(homeId)).filter(({ filter }) =>
      topics.includes(filter),
    );
    await this.#checkTopics(homeId, topics, existing);
    const deviceId = await this.#findDevice(homeId, adoption, existing, actor);
    const audit = auditOf(actor, 'topics.adopted', deviceId, { topics });
    const mappings = await this.#mappings.put(
      homeId,
      drafts.map((draft) => ({ ...draft, device: deviceId })),
      audit,
    );
    // From here on the pipeline takes these topics for readings; what it noted before is committed first.
    await withPatience(this.#ingest.pendingDiscoveries());
    const counts = await this.#store(homeId, await this.#messages.list(homeId, topics));
    await this.#inbox.removeAdopted(homeId, topics);
    return { deviceId, mappings, ...counts };
  }

  async #checkTopics(
    homeId: HomeId,
    topics: readonly string[],
    existing: readonly Mapping[],
  ): Promise<void> {
    await withPatience(this.#ingest.pendingDiscoveries());
    const known = new Set(existing.map(({ filter }) => filter));
    for (const { topic } of await this.#inbox.listDiscovered(homeId)) known.add(topic);
    if (!topics.every((topic) => known.has(topic))) throw new DiscoveredTopicNotFound();
  }

  async #findDevice(
    homeId: HomeId,
    { device, topics }: Adoption,
    existing: readonly Mapping[],
    actor: Actor,
  ): Promise<DeviceId> {
    if ('id' in device) return (await this.#devices.get(homeId, device.id)).id;
    // The same call once more: its device is there.
    const made = new Set(existing.map((mapping) => mapping.device));
    const [before] = made;
    if (before !== undefined && made.size === 1 && existing.length === topics.length) {
      const found = (await this.#devices.list(homeId)).find(({ id }) => id === before);
      if (found?.name === device.name) return found.id;
    }
    // Its secret is not shown: it speaks through others. Who wants one for it gives it a new one.
    return (await this.#devices.register(homeId, device, actor)).device.id;
  }

  /** The kept messages as readings, at the times at which they arrived. */
  async #store(
    homeId: HomeId,
    messages: readonly DiscoveredMessageRow[],
  ): Promise<{ adopted: number; refused: number }> {
    const commits: Promise<void>[] = [];
    let adopted = 0;
    let refused = 0;
    let stampMs = 0;
    for (const kept of messages) {
      const message = toMessage(kept);
      const sender: MessageSender = { type: 'integration', username: kept.principalId, homeId };
      // Two topics may be one metric: each reading has a time of its own, and the same one every time.
      stampMs = Math.max(message.receivedAtMs, stampMs + 1);
      const answer = this.#ingest.replay(message, sender, stampMs);
      if (answer.result === 'accepted') adopted += 1;
      else refused += 1;
      // Refused as it would have been then, it becomes a dead letter.
      const settled =
        answer.result === 'accepted' ? answer.settled : this.#ingest.accept(message, sender);
      if (settled !== undefined) commits.push(settled);
    }
    await withPatience(Promise.all(commits));
    return { adopted, refused };
  }
}

function toDrafts({ topics }: Adoption, device: DeviceId): MappingDraft[] {
  return topics.map(({ topic, metrics, tsPath }, index) => {
    const draft = mappingDraftSchema.safeParse({ filter: topic, device, metrics, tsPath });
    if (draft.success) return draft.data;
    throw new InvalidMapping(
      draft.error.issues.map(({ path, message }) => ({
        field: ['topics', index, ...(path[0] === 'filter' ? ['topic'] : path)].join('.'),
        message,
      })),
    );
  });
}

function toMessage({ topic, payload, receivedAt }: DiscoveredMessageRow): IncomingMessage {
  const receivedAtMs = receivedAt.getTime();
  return { topic, payload, qos: 1, retain: false, kind: 'publish', receivedAtMs };
}

/** Throws `AdoptionUnfinished` when it takes too long, or too many readings wait already. */
async function withPatience(work: Promise<unknown> | undefined): Promise<void> {
  if (work === undefined) return;
  const impatience = new AbortController();
  const tooLate = pause(COMMIT_PATIENCE_MS, 'late', { signal: impatience.signal, ref: false });
  const done = work.then(
    () => 'done',
    () => 'late',
  );
  try {
    if ((await Promise.race([done, tooLate])) === 'late') throw new AdoptionUnfinished();
  } finally {
    tooLate.catch(() => undefined);
    impatience.abort();
  }
}

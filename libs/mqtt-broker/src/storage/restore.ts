// From the changes of an earlier life to the broker's state. Nothing is sent: nobody is connected yet.

import type { Core } from '../connection/core.js';
import { recall } from '../connection/retain-source.js';
import { publishWill } from '../connection/will.js';
import type { Sender } from '../message.js';
import { RoutedMessage } from '../routing/routed-message.js';
import type { Session } from '../session/session.js';
import { parseTopicFilter, type TopicFilter } from '../topic/topic-filter.js';
import type { Topic } from '../topic/topic-name.js';
import type { Change, StoredDelivery, StoredMessage, StoredWill } from './storage.js';
import { type SessionState, StoredState } from './stored-state.js';

/** Reads the storage and puts its state in place. Rejects when it cannot be read. */
export async function restore(
  core: Core,
  changes: AsyncIterable<Change> | Iterable<Change>,
): Promise<void> {
  const state = new StoredState();
  for await (const change of changes) state.apply(change);
  core.journal.continueAfter(state.lastMessageId, state.lastDeliveryId);
  for (const message of state.retained.values()) {
    if (topicOf(core, message.topic) !== undefined) core.retained.store(message);
  }
  const messages = new Messages(core, state);
  for (const stored of state.sessions.values()) restoreSession(core, stored, messages);
  messages.forgetUnused();
}

function restoreSession(core: Core, stored: SessionState, messages: Messages): void {
  const { session: own } = stored;
  const session = core.sessions.restore(own, core.clock.now());
  for (const { filter: text, ...options } of stored.subscriptions.values()) {
    const filter = filterOf(core, text);
    if (filter === undefined) continue;
    const subscription = { filter, ...options };
    session.subscriptions.set(text, subscription);
    core.index.add(session, subscription);
  }
  for (const packetId of stored.incoming) session.incoming.set(packetId, undefined);
  const inOrder = [...stored.deliveries.values()].sort((a, b) => a.id - b.id);
  for (const delivery of inOrder) restoreDelivery(core, session, delivery, messages);
  if (own.will !== undefined) restoreWill(core, session, own.will);
  core.sessions.age(session, core.clock.now());
}

function restoreDelivery(
  core: Core,
  session: Session,
  { id, messageId, share, step, packetId, ...terms }: StoredDelivery,
  messages: Messages,
): void {
  const message = messages.take(messageId);
  if (message === undefined) return;
  const { qos, retain, subscriptionIdentifiers } = terms;
  const delivery = {
    message,
    qos,
    retain,
    subscriptionIdentifiers,
    share: share === undefined ? undefined : filterOf(core, share),
    recordId: id,
  };
  const { clientId, principalId } = session;
  core.events.emit('restored', { clientId, principalId, message });
  session.restore(delivery, step, packetId);
}

/** The will is due when what is left of its delay is over; that its connection ended is news to us. */
function restoreWill(core: Core, session: Session, stored: StoredWill): void {
  const { clock, onError } = core;
  const topic = topicOf(core, stored.topic);
  if (topic === undefined) return;
  const { payload, qos, retain, properties } = stored;
  const will = { topic, payload, qos, retain, properties };
  const publish = async (): Promise<void> => {
    const principal = await recall(core, session.principalId);
    if (principal === undefined) return;
    const { clientId } = session;
    const sender: Sender = { clientId, principal, protocolVersion: 5, address: '' };
    publishWill(core, { principal, sender, session }, will);
  };
  const endedAtMs = session.disconnectedAtMs ?? clock.now();
  const leftMs = Math.max(endedAtMs + stored.delaySeconds * 1000 - clock.now(), 0);
  const left = { stored, publish: (): void => void publish().catch(onError) };
  core.sessions.restoreWill(session, left, leftMs);
}

/** Messages of the storage, each made once for all its deliveries. */
class Messages {
  readonly #core: Core;
  readonly #stored: ReadonlyMap<number, StoredMessage>;
  readonly #made = new Map<number, RoutedMessage>();

  constructor(core: Core, { messages }: StoredState) {
    this.#core = core;
    this.#stored = messages;
  }

  /** For one more delivery. Undefined when it is not there or its topic is none (any more). */
  take(id: number): RoutedMessage | undefined {
    const message = this.#made.get(id) ?? this.#make(id);
    if (message !== undefined) message.storedBy++;
    return message;
  }

  #make(id: number): RoutedMessage | undefined {
    const stored = this.#stored.get(id);
    const address = stored === undefined ? undefined : topicOf(this.#core, stored.topic);
    if (stored === undefined || address === undefined) return undefined;
    const { payload, qos, retain, properties: content, receivedAtMs } = stored;
    const message = new RoutedMessage({
      address,
      buffer: payload,
      payloadStart: 0,
      payloadEnd: payload.length,
      qos,
      retain,
      dup: false,
      content,
      receivedAtMs,
      kind: 'publish',
    });
    message.storedId = id;
    message.onDelivery = (delivery) => this.#core.events.emit('settled', { message, delivery });
    this.#made.set(id, message);
    return message;
  }

  forgetUnused(): void {
    for (const id of this.#stored.keys()) {
      if (!this.#made.has(id)) this.#core.journal.append({ type: 'message-end', id });
    }
  }
}

/** Limits may be narrower than they were. */
function topicOf({ topics, onError }: Core, name: string): Topic | undefined {
  try {
    return topics.resolveName(name);
  } catch (cause) {
    onError(new Error(`stored topic ${JSON.stringify(name)} is forgotten`, { cause }));
    return undefined;
  }
}

function filterOf({ limits, onError }: Core, text: string): TopicFilter | undefined {
  const filter = parseTopicFilter(text, limits);
  if (filter === undefined) {
    onError(new Error(`stored topic filter ${JSON.stringify(text)} is forgotten`));
  }
  return filter;
}

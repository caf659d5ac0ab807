// Who gets a message: over the trie of filters, with each session once per topic. [MQTT-3.3.4-2]

import type { Message } from '../message.js';
import type { Session, Subscription } from '../session/session.js';
import type { TopicFilter } from '../topic/topic-filter.js';
import type { Topic } from '../topic/topic-name.js';
import { TopicTrie } from '../topic/topic-trie.js';
import { SharedGroup } from './shared-group.js';
import { sum, type Terms } from './terms.js';

interface Target {
  readonly session: Session;
  /** For what others publish. */
  readonly terms: Terms;
  /** For what the session itself publishes: without its No Local subscriptions, if any is left. */
  readonly own: Terms | undefined;
}

export type Handler = (message: Message) => void;

export interface Match {
  readonly targets: readonly Target[];
  readonly groups: readonly SharedGroup[];
  readonly handlers: readonly Handler[];
}

/** All that hangs on one filter. */
class FilterEntry {
  readonly subscriptions = new Map<Session, Subscription>();
  readonly groups = new Map<string, SharedGroup>();
  readonly handlers = new Set<Handler>();
  #match: Match | undefined;

  get isEmpty(): boolean {
    return this.subscriptions.size === 0 && this.groups.size === 0 && this.handlers.size === 0;
  }

  changed(): void {
    this.#match = undefined;
  }

  /** The match of a topic that no other filter matches. */
  get match(): Match {
    return (this.#match ??= {
      targets: [...this.subscriptions].map(([session, one]) => makeTarget(session, [one])),
      groups: [...this.groups.values()],
      handlers: [...this.handlers],
    });
  }
}

const NOBODY: Match = { targets: [], groups: [], handlers: [] };
// Matches that several filters make are built per topic; beyond this many targets all are forgotten.
const REMEMBERED_TARGETS = 200_000;
// A remembered topic weighs as much as so many targets.
const TOPIC_WEIGHT = 8;

export class SubscriptionIndex {
  readonly #trie = new TopicTrie<FilterEntry>();
  #version = 0;
  #size = 0;
  #sharedSize = 0;
  /** The topics that remember a match, and about how many targets those are. */
  #remembering: Topic[] = [];
  #remembered = 0;

  /** Subscriptions of sessions. */
  get size(): number {
    return this.#size;
  }

  /** Those of them that are shared. */
  get sharedSize(): number {
    return this.#sharedSize;
  }

  /** Adds or replaces a session's subscription. */
  add(session: Session, subscription: Subscription): void {
    const { levels, shareName } = subscription.filter;
    const entry = this.#entry(levels);
    const members = shareName === undefined ? entry.subscriptions : group(entry, shareName);
    if (!members.has(session)) this.#count(shareName, 1);
    members.set(session, subscription);
    this.#changed(entry);
  }

  remove(session: Session, { levels, shareName }: TopicFilter): void {
    const entry = this.#trie.find(levels);
    if (entry === undefined) return;
    const shared = shareName === undefined ? undefined : entry.groups.get(shareName);
    const members = shareName === undefined ? entry.subscriptions : shared;
    if (members?.delete(session) === true) this.#count(shareName, -1);
    if (shareName !== undefined && shared?.size === 0) entry.groups.delete(shareName);
    this.#changed(entry);
    if (entry.isEmpty) this.#trie.remove(levels);
  }

  #count(shareName: string | undefined, change: 1 | -1): void {
    this.#size += change;
    if (shareName !== undefined) this.#sharedSize += change;
  }

  addHandler(levels: readonly string[], handler: Handler): void {
    const entry = this.#entry(levels);
    entry.handlers.add(handler);
    this.#changed(entry);
  }

  removeHandler(levels: readonly string[], handler: Handler): void {
    const entry = this.#trie.find(levels);
    if (entry === undefined) return;
    entry.handlers.delete(handler);
    this.#changed(entry);
    if (entry.isEmpty) this.#trie.remove(levels);
  }

  /** The members of a shared subscription; undefined when it has none. */
  findGroup({ levels, shareName }: TopicFilter): SharedGroup | undefined {
    return shareName === undefined ? undefined : this.#trie.find(levels)?.groups.get(shareName);
  }

  match(topic: Topic): Match {
    if (topic.matchVersion === this.#version) return topic.match as Match;
    const entries = this.#trie.match(topic.levels);
    const [only] = entries;
    let match = NOBODY;
    if (only !== undefined) {
      match = entries.length === 1 ? only.match : this.#merge(entries);
      // What hangs on one filter is one match for all of its topics, until it changes.
      this.#remember(topic, entries.length === 1 ? 0 : match.targets.length);
    }
    topic.match = match;
    topic.matchVersion = this.#version;
    return match;
  }

  #merge(entries: readonly FilterEntry[]): Match {
    const bySession = new Map<Session, Subscription[]>();
    for (const entry of entries) {
      for (const [session, subscription] of entry.subscriptions) {
        const list = bySession.get(session);
        if (list === undefined) bySession.set(session, [subscription]);
        else list.push(subscription);
      }
    }
    return {
      targets: [...bySession].map(([session, subscriptions]) => makeTarget(session, subscriptions)),
      groups: entries.flatMap((entry) => [...entry.groups.values()]),
      handlers: entries.flatMap((entry) => [...entry.handlers]),
    };
  }

  #remember(topic: Topic, targets: number): void {
    const weight = TOPIC_WEIGHT + targets;
    if (this.#remembered + weight > REMEMBERED_TARGETS) this.#forget();
    this.#remembered += weight;
    this.#remembering.push(topic);
  }

  /** A new version alone would leave the old matches in memory for as long as their topics. */
  #forget(): void {
    for (const topic of this.#remembering) topic.match = undefined;
    this.#remembering = [];
    this.#remembered = 0;
    this.#version++;
  }

  #entry(levels: readonly string[]): FilterEntry {
    let entry = this.#trie.find(levels);
    if (entry === undefined) {
      entry = new FilterEntry();
      this.#trie.set(levels, entry);
    }
    return entry;
  }

  #changed(entry: FilterEntry): void {
    entry.changed();
    this.#forget();
  }
}

function group(entry: FilterEntry, shareName: string): SharedGroup {
  let shared = entry.groups.get(shareName);
  if (shared === undefined) {
    shared = new SharedGroup();
    entry.groups.set(shareName, shared);
  }
  return shared;
}

function makeTarget(session: Session, subscriptions: readonly Subscription[]): Target {
  const terms = sum(subscriptions);
  if (!subscriptions.some((one) => one.noLocal)) return { session, terms, own: terms };
  const rest = subscriptions.filter((one) => !one.noLocal); // [MQTT-3.8.3-3]
  return { session, terms, own: rest.length === 0 ? undefined : sum(rest) };
}

// Retained messages in memory, in a tree of topic levels so that a filter visits only what it may match.

import { heldBytesOf } from '../codec/properties.js';
import type { StoredRetained } from '../storage/storage.js';

/** The newest retained message of one topic. The payload is the store's own copy. */
export type RetainedMessage = StoredRetained;

interface Node {
  readonly children: Map<string, Node>;
  message: RetainedMessage | undefined;
}

/** One message per topic. */
export class InMemoryRetainedStore {
  readonly #root: Node = { children: new Map(), message: undefined };
  #size = 0;
  #bytes = 0;

  get size(): number {
    return this.#size;
  }

  /** Bytes of all: payloads, topics and properties. */
  get bytes(): number {
    return this.#bytes;
  }

  find(topic: string): RetainedMessage | undefined {
    let node: Node | undefined = this.#root;
    for (const level of topic.split('/')) {
      node = node.children.get(level);
      if (node === undefined) return undefined;
    }
    return node.message;
  }

  store(message: RetainedMessage): void {
    let node = this.#root;
    for (const level of message.topic.split('/')) {
      let child = node.children.get(level);
      if (child === undefined) {
        child = { children: new Map(), message: undefined };
        node.children.set(level, child);
      }
      node = child;
    }
    if (node.message === undefined) this.#size++;
    else this.#bytes -= bytesOf(node.message);
    this.#bytes += bytesOf(message);
    node.message = message;
  }

  /** False when there was none. */
  remove(topic: string): boolean {
    const levels = topic.split('/');
    const path: Node[] = [this.#root];
    for (const level of levels) {
      const child = path[path.length - 1]?.children.get(level);
      if (child === undefined) return false;
      path.push(child);
    }
    const leaf = path[path.length - 1];
    if (leaf?.message === undefined) return false;
    this.#bytes -= bytesOf(leaf.message);
    leaf.message = undefined;
    this.#size--;
    for (let depth = path.length - 1; depth > 0; depth--) {
      const node = path[depth];
      if (node === undefined || node.message !== undefined || node.children.size > 0) break;
      path[depth - 1]?.children.delete(levels[depth - 1] ?? '');
    }
    return true;
  }

  /** Every retained message there is, whatever its topic begins with. */
  *all(): Iterable<RetainedMessage> {
    yield* allBelow(this.#root, 1);
  }

  /** Every retained message whose topic the filter's levels match. Expired ones may be among them. */
  *match(filterLevels: readonly string[]): Iterable<RetainedMessage> {
    yield* matchFrom(this.#root, filterLevels, 0);
  }
}

function bytesOf({ payload, topic, properties }: RetainedMessage): number {
  return payload.length + topic.length + heldBytesOf(properties);
}

function* matchFrom(
  node: Node,
  filter: readonly string[],
  depth: number,
): Generator<RetainedMessage> {
  const level = filter[depth];
  if (level === undefined) {
    if (node.message !== undefined) yield node.message;
    return;
  }
  if (level === '#') {
    yield* allBelow(node, depth);
    return;
  }
  if (level !== '+') {
    const child = node.children.get(level);
    if (child !== undefined) yield* matchFrom(child, filter, depth + 1);
    return;
  }
  for (const [name, child] of node.children) {
    if (depth > 0 || !name.startsWith('$')) yield* matchFrom(child, filter, depth + 1); // [MQTT-4.7.2-1]
  }
}

function* allBelow(node: Node, depth: number): Generator<RetainedMessage> {
  if (node.message !== undefined) yield node.message;
  for (const [name, child] of node.children) {
    if (depth > 0 || !name.startsWith('$')) yield* allBelow(child, depth + 1); // [MQTT-4.7.2-1]
  }
}

// A trie over the levels of topic filters. Knows values, not clients.

interface Node<V> {
  readonly children: Map<string, Node<V>>;
  value: V | undefined;
}

function makeNode<V>(): Node<V> {
  return { children: new Map(), value: undefined };
}

/** One value per topic filter, found by topic name. Depth is bounded by whoever adds. */
export class TopicTrie<V> {
  readonly #root = makeNode<V>();

  find(levels: readonly string[]): V | undefined {
    let node: Node<V> | undefined = this.#root;
    for (const level of levels) {
      node = node.children.get(level);
      if (node === undefined) return undefined;
    }
    return node.value;
  }

  set(levels: readonly string[], value: V): void {
    let node = this.#root;
    for (const level of levels) {
      let child = node.children.get(level);
      if (child === undefined) {
        child = makeNode<V>();
        node.children.set(level, child);
      }
      node = child;
    }
    node.value = value;
  }

  /** Removes a filter's value and the nodes that nothing needs any more. */
  remove(levels: readonly string[]): void {
    const path: Node<V>[] = [this.#root];
    for (const level of levels) {
      const child = path[path.length - 1]?.children.get(level);
      if (child === undefined) return;
      path.push(child);
    }
    const leaf = path[path.length - 1];
    if (leaf !== undefined) leaf.value = undefined;
    for (let depth = path.length - 1; depth > 0; depth--) {
      const node = path[depth];
      if (node === undefined || node.value !== undefined || node.children.size > 0) return;
      path[depth - 1]?.children.delete(levels[depth - 1] ?? '');
    }
  }

  /** The values of all filters that match the topic, each once. */
  match(topic: readonly string[]): V[] {
    const found: V[] = [];
    const first = topic[0] ?? '';
    const node = this.#root;
    // Wildcards at the first level never match a topic that begins with $. [MQTT-4.7.2-1]
    if (!first.startsWith('$')) {
      push(found, node.children.get('#'));
      const plus = node.children.get('+');
      if (plus !== undefined) collect(plus, topic, 1, found);
    }
    const child = node.children.get(first);
    if (child !== undefined) collect(child, topic, 1, found);
    return found;
  }
}

function collect<V>(node: Node<V>, topic: readonly string[], depth: number, found: V[]): void {
  // `a/#` matches `a` too: the parent level belongs to it. (4.7.1.2)
  push(found, node.children.get('#'));
  if (depth === topic.length) {
    push(found, node);
    return;
  }
  const plus = node.children.get('+');
  if (plus !== undefined) collect(plus, topic, depth + 1, found);
  const child = node.children.get(topic[depth] ?? ''); // [MQTT-4.7.3-4]
  if (child !== undefined) collect(child, topic, depth + 1, found);
}

function push<V>(found: V[], node: Node<V> | undefined): void {
  if (node?.value !== undefined) found.push(node.value);
}

// Who was promised what, and who received it. Pure.

/** One publisher's messages: numbered from 1. */
export class Stream {
  readonly topic: string;
  readonly qos: 1 | 2;
  readonly #acknowledged = new Set<number>();
  newestRetained = 0;

  constructor(topic: string, qos: 1 | 2) {
    this.topic = topic;
    this.qos = qos;
  }

  acknowledged(number: number, isRetained: boolean): void {
    this.#acknowledged.add(number);
    if (isRetained) this.newestRetained = Math.max(this.newestRetained, number);
  }

  get promises(): ReadonlySet<number> {
    return this.#acknowledged;
  }
}

/** What one subscriber received. */
export class Receipts {
  readonly name: string;
  readonly qos: 1 | 2;
  readonly #counts = new Map<string, Map<number, number>>();

  constructor(name: string, qos: 1 | 2) {
    this.name = name;
    this.qos = qos;
  }

  received(topic: string, payload: string): void {
    let counts = this.#counts.get(topic);
    if (counts === undefined) this.#counts.set(topic, (counts = new Map()));
    const number = Number(payload);
    counts.set(number, (counts.get(number) ?? 0) + 1);
  }

  count(topic: string, number: number): number {
    return this.#counts.get(topic)?.get(number) ?? 0;
  }

  /** Messages of a topic that came more than once. */
  repeated(topic: string): number[] {
    return [...(this.#counts.get(topic) ?? [])]
      .filter(([, count]) => count > 1)
      .map(([one]) => one);
  }
}

export class Ledger {
  readonly #streams: Stream[] = [];
  readonly #receipts: Receipts[] = [];
  readonly #retained = new Map<string, number>();
  lostSessions = 0;

  stream(clientId: string, qos: 1 | 2): Stream {
    const stream = new Stream(`crash/${clientId}`, qos);
    this.#streams.push(stream);
    return stream;
  }

  subscriber(name: string, qos: 1 | 2): Receipts {
    const receipts = new Receipts(name, qos);
    this.#receipts.push(receipts);
    return receipts;
  }

  sawRetained(topic: string, payload: string): void {
    this.#retained.set(topic, Number(payload));
  }

  /** Acknowledged messages. */
  get acknowledged(): number {
    return this.#streams.reduce((sum, { promises }) => sum + promises.size, 0);
  }

  /** Promised deliveries that did not happen. */
  missing(): number {
    return this.losses().length;
  }

  losses(): string[] {
    const lost: string[] = [];
    for (const { topic, promises } of this.#streams) {
      for (const receipts of this.#receipts) {
        for (const number of promises) {
          if (receipts.count(topic, number) === 0)
            lost.push(`${receipts.name}: ${topic} ${number}`);
        }
      }
    }
    return lost;
  }

  /** Messages that were published and subscribed at QoS 2 and arrived twice. */
  doubles(): string[] {
    return this.#streams.flatMap(({ topic, qos }) =>
      this.#receipts
        .filter((receipts) => qos === 2 && receipts.qos === 2)
        .flatMap((receipts) =>
          receipts.repeated(topic).map((number) => `${receipts.name}: ${topic} ${number}`),
        ),
    );
  }

  /** Retained values that are older than the newest acknowledged one. */
  staleRetained(): string[] {
    return this.#streams
      .filter(({ topic, newestRetained }) => (this.#retained.get(topic) ?? 0) < newestRetained)
      .map(
        ({ topic, newestRetained }) => `${topic}: ${this.#retained.get(topic)} < ${newestRetained}`,
      );
  }
}

// A client that keeps its side of the session over every loss of its connection, as MQTT 5.0 section 4.4 asks: it sends
// again what is not acknowledged, in order and under the same packet identifiers, and takes a QoS 2 message once.
import { connect as connectSocket, type Socket } from 'node:net';
import * as mqtt from 'mqtt-packet';

const RETRY_MS = 20;
const SESSION_EXPIRY_SECONDS = 3600;

export interface KeepingClientOptions {
  readonly clientId: string;
  readonly version: 4 | 5;
  readonly username?: string;
  readonly password?: string;
  /** Subscribed once, when no session is present. */
  readonly filter?: string;
  readonly qos?: 1 | 2;
  /** A message that came: QoS 2 ones once per exchange. */
  readonly onMessage?: (topic: string, payload: string, qos: number) => void;
}

interface Outgoing {
  readonly packet: mqtt.IPublishPacket;
  step: 'publish' | 'pubrel';
  readonly acknowledged: () => void;
  readonly done: () => void;
}

export class KeepingClient {
  readonly #options: KeepingClientOptions;
  readonly #outgoing = new Map<number, Outgoing>();
  readonly #incoming = new Set<number>();
  #port = 0;
  #socket: Socket | undefined;
  #isOpen = false;
  #isWanted = false;
  #isSubscribed = false;
  #packetId = 0;
  #onReady: (() => void)[] = [];
  /** Sessions that the broker did not have although it should. */
  lostSessions = 0;
  #hadSession = false;

  constructor(options: KeepingClientOptions) {
    this.#options = options;
  }

  get outstanding(): number {
    return this.#outgoing.size;
  }

  /** Keeps a connection to this port from now on. Resolves when it is open and subscribed. */
  attach(port: number): Promise<void> {
    this.#port = port;
    this.#isWanted = true;
    const ready = this.whenReady();
    if (this.#socket === undefined) this.#connect();
    return ready;
  }

  /** Loses the connection, and has no other until `attach`. */
  detach(): void {
    this.#isWanted = false;
    this.#socket?.destroy();
  }

  whenReady(): Promise<void> {
    const isReady = this.#isOpen && (this.#options.filter === undefined || this.#isSubscribed);
    return isReady ? Promise.resolve() : new Promise((resolve) => this.#onReady.push(resolve));
  }

  /** `acknowledged` at PUBACK or PUBREC: the broker has it. `done` when a new one may follow. */
  publish(
    topic: string,
    payload: string,
    options: { qos: 1 | 2; retain?: boolean },
    acknowledged: () => void,
    done: () => void,
  ): void {
    do this.#packetId = (this.#packetId % 65_535) + 1;
    while (this.#outgoing.has(this.#packetId));
    const packet: mqtt.IPublishPacket = {
      cmd: 'publish',
      messageId: this.#packetId,
      topic,
      payload,
      qos: options.qos,
      retain: options.retain ?? false,
      dup: false,
    };
    this.#outgoing.set(this.#packetId, { packet, step: 'publish', acknowledged, done });
    if (this.#isOpen) this.#send(packet);
  }

  #connect(): void {
    const socket = connectSocket({ host: '127.0.0.1', port: this.#port, noDelay: true });
    this.#socket = socket;
    const { version, username, password } = this.#options;
    const parser = mqtt.parser({ protocolVersion: version });
    parser.on('packet', (packet: mqtt.Packet) => this.#receive(packet));
    socket.on('data', (chunk: Buffer) => parser.parse(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.#isOpen = false;
      this.#socket = undefined;
      if (this.#isWanted)
        setTimeout(() => this.#isWanted && this.#socket === undefined && this.#connect(), RETRY_MS);
    });
    socket.on('connect', () =>
      this.#send({
        cmd: 'connect',
        clientId: this.#options.clientId,
        protocolId: 'MQTT',
        protocolVersion: version,
        clean: false,
        keepalive: 0,
        ...(username === undefined ? {} : { username }),
        ...(password === undefined ? {} : { password: Buffer.from(password) }),
        ...(version === 5 ? { properties: { sessionExpiryInterval: SESSION_EXPIRY_SECONDS } } : {}),
      }),
    );
  }

  #send(packet: mqtt.Packet): void {
    this.#socket?.write(mqtt.generate(packet, { protocolVersion: this.#options.version }));
  }

  #receive(packet: mqtt.Packet): void {
    const id = packet.messageId ?? 0;
    switch (packet.cmd) {
      case 'connack':
        if ((packet.returnCode ?? packet.reasonCode ?? 0) > 0) this.#socket?.destroy();
        else this.#opened(packet.sessionPresent);
        return;
      case 'suback':
        this.#isSubscribed = true;
        this.#ready();
        return;
      case 'publish':
        this.#take(packet);
        return;
      case 'pubrel':
        this.#incoming.delete(id);
        this.#send({ cmd: 'pubcomp', messageId: id });
        return;
      case 'puback':
        this.#finish(id, !isRefusal(packet.reasonCode));
        return;
      case 'pubrec':
        if (isRefusal(packet.reasonCode)) this.#finish(id, false);
        else this.#release(id);
        return;
      case 'pubcomp':
        this.#finish(id, false);
        return;
      case 'disconnect':
        this.#socket?.destroy();
        return;
      case 'connect':
      case 'subscribe':
      case 'unsubscribe':
      case 'unsuback':
      case 'pingreq':
      case 'pingresp':
      case 'auth':
        throw new Error(`unexpected ${JSON.stringify(packet)}`);
    }
  }

  #opened(sessionPresent: boolean): void {
    this.#isOpen = true;
    if (this.#hadSession && !sessionPresent) this.lostSessions++;
    this.#hadSession = true;
    for (const [messageId, { packet, step }] of this.#outgoing) {
      if (step === 'publish') this.#send({ ...packet, dup: true });
      else this.#send({ cmd: 'pubrel', messageId });
    }
    const { filter, qos = 1, version } = this.#options;
    if (filter === undefined || this.#isSubscribed) this.#ready();
    else {
      const options = version === 5 ? { nl: false, rap: false, rh: 2 } : {};
      this.#send({
        cmd: 'subscribe',
        messageId: 1,
        subscriptions: [{ topic: filter, qos, ...options }],
      });
    }
  }

  #ready(): void {
    for (const resolve of this.#onReady.splice(0)) resolve();
  }

  #take({ topic, payload, qos, messageId = 0 }: mqtt.IPublishPacket): void {
    const isNew = qos < 2 || !this.#incoming.has(messageId);
    if (qos === 2) this.#incoming.add(messageId);
    if (isNew) this.#options.onMessage?.(topic, payload.toString(), qos);
    if (qos > 0) this.#send({ cmd: qos === 1 ? 'puback' : 'pubrec', messageId });
  }

  #release(messageId: number): void {
    const outgoing = this.#outgoing.get(messageId);
    if (outgoing !== undefined && outgoing.step === 'publish') {
      outgoing.step = 'pubrel';
      outgoing.acknowledged();
    }
    this.#send({ cmd: 'pubrel', messageId });
  }

  #finish(messageId: number, isAcknowledgement: boolean): void {
    const outgoing = this.#outgoing.get(messageId);
    if (outgoing === undefined) return;
    this.#outgoing.delete(messageId);
    if (isAcknowledgement) outgoing.acknowledged();
    outgoing.done();
  }
}

/** The broker has answered, and has not taken the message. */
function isRefusal(reasonCode: number | undefined): boolean {
  return (reasonCode ?? 0) >= 0x80;
}

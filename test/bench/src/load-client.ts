// One connection of the load generator: keeps its window full, answers what QoS asks for, counts.
import { connect, type Socket } from 'node:net';
import {
  connectFrame,
  frameLength,
  publishTemplate,
  subscribeFrame,
  type Login,
  type PublishTemplate,
} from './frames.js';

/** Frames gathered into one write. */
const FRAMES_PER_WRITE = 64;
const CONNECT_TIMEOUT_MS = 10_000;

export interface LoadClientOptions {
  readonly port: number;
  readonly clientId: string;
  readonly login?: Login | undefined;
}

export class LoadClient {
  /** PUBLISH frames received. */
  received = 0;
  /** Own messages whose PUBACK or PUBCOMP came, or that were handed to the kernel at QoS 0. */
  finished = 0;
  readonly #socket: Socket;
  readonly #answers: ((frame: Buffer) => void)[] = [];
  #carry: Buffer = Buffer.alloc(0);
  #template: PublishTemplate | undefined;
  #prepare: ((frame: Buffer) => void) | undefined;
  #publishing = false;
  #packetId = 0;
  #qos: 0 | 1 | 2 = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
  }

  static async open(options: LoadClientOptions): Promise<LoadClient> {
    const socket = connect(options.port, '127.0.0.1');
    const client = new LoadClient(socket);
    socket.on('error', () => {});
    socket.write(connectFrame(options.clientId, options.login));
    const connack = await client.#answer('CONNACK');
    if (connack[3] !== 0) throw new Error(`connection refused with code ${connack[3]}`);
    return client;
  }

  async subscribe(filter: string, qos: 0 | 1 | 2): Promise<void> {
    this.#socket.write(subscribeFrame(filter, qos));
    const suback = await this.#answer('SUBACK');
    if (suback[4] !== qos) throw new Error(`subscription granted with ${suback[4]}, not ${qos}`);
  }

  /**
   * Publishes without pause until `stop`: at QoS 0 as fast as the socket takes it, else with `window` in flight.
   * `prepare` may write into the payload bytes of each frame (its offset is the frame's end minus the payload).
   */
  publishForever(
    topic: string,
    payload: Buffer,
    qos: 0 | 1 | 2,
    window: number,
    prepare?: (frame: Buffer) => void,
  ): void {
    this.#template = publishTemplate(topic, payload, qos);
    this.#prepare = prepare;
    this.#qos = qos;
    this.#publishing = true;
    if (qos === 0) this.#flood();
    else this.#publish(window);
  }

  stop(): void {
    this.#publishing = false;
  }

  close(): void {
    this.#publishing = false;
    this.#socket.destroy();
  }

  #flood(): void {
    const template = this.#template;
    if (template === undefined) return;
    const batch = Buffer.concat(Array.from({ length: FRAMES_PER_WRITE }, () => template.bytes));
    const pump = (): void => {
      if (!this.#publishing || this.#socket.destroyed) return;
      this.finished += FRAMES_PER_WRITE;
      // One write a turn: every publisher gets its share, and the subscriber in this process is read in between.
      if (this.#socket.write(batch)) setImmediate(pump);
      else this.#socket.once('drain', pump);
    };
    pump();
  }

  #publish(count: number): void {
    const template = this.#template;
    if (template === undefined || count === 0) return;
    const size = template.bytes.length;
    const batch = Buffer.allocUnsafe(size * count);
    for (let index = 0; index < count; index += 1) {
      template.bytes.copy(batch, index * size);
      this.#packetId = (this.#packetId % 65_535) + 1;
      batch.writeUInt16BE(this.#packetId, index * size + template.idOffset);
      this.#prepare?.(batch.subarray(index * size, (index + 1) * size));
    }
    this.#socket.write(batch);
  }

  #read(chunk: Buffer): void {
    const bytes = this.#carry.length === 0 ? chunk : Buffer.concat([this.#carry, chunk]);
    const replies: number[] = [];
    let next = 0;
    let offset = 0;
    while (offset < bytes.length) {
      const length = frameLength(bytes, offset);
      if (length === 0 || offset + length > bytes.length) break;
      next += this.#receive(bytes, offset, length, replies);
      offset += length;
    }
    this.#carry = offset === bytes.length ? Buffer.alloc(0) : bytes.subarray(offset);
    if (replies.length > 0) this.#socket.write(Buffer.from(replies));
    if (next > 0 && this.#publishing) this.#publish(next);
  }

  /** Handles one frame; returns how many new messages may be published for it. */
  #receive(bytes: Buffer, offset: number, length: number, replies: number[]): number {
    const first = bytes[offset] ?? 0;
    switch (first >> 4) {
      case 3: {
        this.received += 1;
        const qos = (first >> 1) & 3;
        if (qos > 0) {
          const header = frameHeaderBytes(bytes, offset);
          const topicLength = bytes.readUInt16BE(offset + header);
          const at = offset + header + 2 + topicLength;
          replies.push(qos === 1 ? 0x40 : 0x50, 2, bytes[at] ?? 0, bytes[at + 1] ?? 0);
        }
        return 0;
      }
      case 4:
        this.finished += 1;
        return 1;
      case 5:
        replies.push(0x62, 2, bytes[offset + 2] ?? 0, bytes[offset + 3] ?? 0);
        return 0;
      case 6:
        replies.push(0x70, 2, bytes[offset + 2] ?? 0, bytes[offset + 3] ?? 0);
        return 0;
      case 7:
        this.finished += 1;
        return this.#qos === 2 ? 1 : 0;
      default:
        this.#answers.shift()?.(Buffer.from(bytes.subarray(offset, offset + length)));
        return 0;
    }
  }

  #answer(name: string): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${name}`)), CONNECT_TIMEOUT_MS);
      this.#socket.once('close', () => reject(new Error(`closed before ${name}`)));
      this.#answers.push((frame) => {
        clearTimeout(timer);
        resolve(frame);
      });
    });
  }
}

function frameHeaderBytes(bytes: Buffer, offset: number): number {
  let header = 2;
  while ((bytes[offset + header - 1] ?? 0) >= 0x80) header += 1;
  return header;
}

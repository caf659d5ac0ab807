// One connection of the load generator: keeps its window full, answers what QoS asks for, counts. All connections read
// into one buffer and count frames where they lie; nothing is allocated per message, only per chunk and per write.
import { connect, type Socket } from 'node:net';
import {
  connectFrame,
  disconnectFrame,
  publishTemplate,
  subscribeFrame,
  type ConnectFields,
  type Level,
  type PublishFields,
  type PublishTemplate,
} from './frames.js';

/** Bytes gathered into one write of a flood, and the most frames in it. */
const BYTES_PER_WRITE = 16 * 1024;
const FRAMES_PER_WRITE = 64;
const ANSWER_TIMEOUT_MS = 15_000;

// The callback of a read is synchronous, so that every socket may read into the same memory.
const chunkBuffer = Buffer.allocUnsafeSlow(256 * 1024);
/** Acknowledgements of one chunk, four bytes each. */
const replies = Buffer.allocUnsafeSlow(4 * chunkBuffer.length);
const NOTHING = Buffer.alloc(0);

export interface LoadClientOptions extends ConnectFields {
  readonly port: number;
}

export class LoadClient {
  /** PUBLISH frames received. */
  received = 0;
  /** Own messages whose PUBACK or PUBCOMP came, or that were handed to the kernel at QoS 0. */
  finished = 0;
  isClosed = false;
  /** Called with every PUBLISH: where its payload begins in the shared buffer. */
  onPublish: ((bytes: Buffer, payloadStart: number) => void) | undefined;
  /** Called with every PUBACK. */
  onAcknowledged: (() => void) | undefined;
  readonly level: Level;
  readonly socket: Socket;
  readonly #answers: ((frame: Buffer) => void)[] = [];
  /** The cut head of a frame, until the rest of it comes. */
  #carry = NOTHING;
  /** Bytes of the current frame that nobody needs to see. */
  #skip = 0;
  #template: PublishTemplate | undefined;
  #prepare: ((frame: Buffer) => void) | undefined;
  #publishing = false;
  /** Messages that would have been sent since `pause`. */
  #owed: number | undefined;
  #packetId = 0;
  #qos: 0 | 1 | 2 = 0;

  private constructor(options: LoadClientOptions) {
    this.level = options.level ?? 4;
    this.socket = connect({
      port: options.port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: chunkBuffer,
        callback: (bytes, buffer) => {
          this.#read(buffer as Buffer, bytes);
          return true;
        },
      },
    });
    this.socket.on('error', () => {});
    this.socket.on('close', () => {
      this.isClosed = true;
    });
  }

  static async open(options: LoadClientOptions): Promise<LoadClient> {
    const client = new LoadClient(options);
    client.socket.write(connectFrame(options));
    const connack = await client.#answer('CONNACK');
    if (connack[3] !== 0) throw new Error(`connection refused with code ${connack[3]}`);
    return client;
  }

  /** Granted as asked, or it throws. */
  async subscribe(filter: string | readonly string[], qos: 0 | 1 | 2): Promise<void> {
    const filters = typeof filter === 'string' ? [filter] : filter;
    const suback = await this.request(subscribeFrame(filters, qos, this.level), 'SUBACK');
    const granted = suback[suback.length - 1];
    if (granted !== qos) throw new Error(`subscription granted with ${granted}, not ${qos}`);
  }

  /** Writes a request that was encoded elsewhere and resolves with its answer. */
  async request(frame: Buffer, answer: string): Promise<Buffer> {
    this.socket.write(frame);
    return this.#answer(answer);
  }

  /** Writes bytes that were encoded elsewhere; false when the socket asks to wait for `drain`. */
  write(bytes: Buffer): boolean {
    return this.socket.write(bytes);
  }

  /**
   * Publishes without pause until `stop`: at QoS 0 as fast as the socket takes it, else with `window` in flight.
   * `prepare` may write into each frame.
   */
  publishForever(fields: PublishFields, window: number, prepare?: (frame: Buffer) => void): void {
    const { bytes } = this.prepareToSend(fields, prepare);
    this.#publishing = true;
    if (fields.qos === 0) this.#flood([bytes]);
    else this.send(window);
  }

  /** What `send` will send. `prepare` may write into each frame. */
  prepareToSend(fields: PublishFields, prepare?: (frame: Buffer) => void): PublishTemplate {
    this.#template = publishTemplate({ ...fields, level: this.level });
    this.#prepare = prepare;
    this.#qos = fields.qos;
    return this.#template;
  }

  /** Until `resume`, what an acknowledgement makes room for is not sent. */
  pause(): void {
    this.#owed ??= 0;
  }

  resume(): void {
    const owed = this.#owed ?? 0;
    this.#owed = undefined;
    if (this.#publishing) this.send(owed);
  }

  /** Floods with frames at QoS 0, in turn, until `stop`. */
  floodForever(frames: readonly Buffer[]): void {
    this.#publishing = true;
    this.#flood(frames);
  }

  stop(): void {
    this.#publishing = false;
  }

  close(): void {
    this.#publishing = false;
    this.socket.destroy();
  }

  /** DISCONNECT, and the socket behind it. Resolves when it is closed. */
  async disconnect(): Promise<void> {
    this.#publishing = false;
    if (this.isClosed) return;
    const closed = new Promise<void>((resolve) => this.socket.once('close', () => resolve()));
    this.socket.end(disconnectFrame);
    await closed;
  }

  #flood(frames: readonly Buffer[]): void {
    const batches = batchesOf(frames);
    let turn = 0;
    const pump = (): void => {
      const batch = batches[turn++ % batches.length];
      if (!this.#publishing || this.isClosed || batch === undefined) return;
      this.finished += batch.frames;
      // One write a turn: every publisher gets its share, and the subscriber in this process is read in between.
      if (this.socket.write(batch.bytes)) setImmediate(pump);
      else this.socket.once('drain', pump);
    };
    pump();
  }

  /** At QoS 1 or 2, in one write. */
  send(count: number): void {
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
    this.socket.write(batch);
  }

  #read(chunk: Buffer, chunkBytes: number): void {
    let bytes = chunk;
    let end = chunkBytes;
    let offset = 0;
    if (this.#skip > 0) {
      offset = Math.min(this.#skip, end);
      this.#skip -= offset;
    } else if (this.#carry.length > 0) {
      bytes = Buffer.concat([this.#carry, chunk.subarray(0, end)]);
      end = bytes.length;
      this.#carry = NOTHING;
    }
    const done = this.#frames(bytes, offset, end);
    if (done < end) this.#carry = Buffer.from(bytes.subarray(done, end));
  }

  /** Takes every frame whose head is there, and answers where the first that is not begins. */
  #frames(bytes: Buffer, from: number, end: number): number {
    let offset = from;
    let replied = 0;
    let next = 0;
    while (offset < end) {
      const first = bytes[offset] as number;
      let header = 1;
      let length = 0;
      let byte = 0x80;
      while (byte >= 0x80 && offset + header < end) {
        byte = bytes[offset + header] as number;
        length |= (byte & 0x7f) << (7 * (header - 1));
        header += 1;
      }
      if (byte >= 0x80) break;
      const body = offset + header;
      const frameEnd = body + length;
      const type = first >> 4;
      if (type === 3) {
        const qos = (first >> 1) & 3;
        const wantsWhole = this.onPublish !== undefined;
        if (body + 2 > end || (wantsWhole && frameEnd > end)) break;
        let at = body + 2 + (((bytes[body] as number) << 8) | (bytes[body + 1] as number));
        if (qos > 0) {
          if (at + 2 > end) break;
          replied = reply(replied, qos === 1 ? 0x40 : 0x50, bytes, at);
          at += 2;
        }
        this.received += 1;
        if (wantsWhole) this.onPublish?.(bytes, this.level === 5 ? at + 1 : at);
        if (frameEnd > end) {
          this.#skip = frameEnd - end;
          offset = end;
          break;
        }
      } else {
        if (frameEnd > end) break;
        if (type === 4) {
          this.finished += 1;
          next += 1;
          this.onAcknowledged?.();
        } else if (type === 5) replied = reply(replied, 0x62, bytes, body);
        else if (type === 6) replied = reply(replied, 0x70, bytes, body);
        else if (type === 7) {
          this.finished += 1;
          if (this.#qos === 2) next += 1;
        } else this.#answers.shift()?.(Buffer.from(bytes.subarray(offset, frameEnd)));
      }
      offset = frameEnd;
    }
    if (replied > 0) this.socket.write(Buffer.from(replies.subarray(0, replied)));
    if (next > 0 && this.#publishing) {
      if (this.#owed === undefined) this.send(next);
      else this.#owed += next;
    }
    return offset;
  }

  #answer(name: string): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${name}`)), ANSWER_TIMEOUT_MS);
      const closed = (): void => {
        clearTimeout(timer);
        reject(new Error(`closed before ${name}`));
      };
      this.socket.once('close', closed);
      this.#answers.push((frame) => {
        clearTimeout(timer);
        this.socket.off('close', closed);
        resolve(frame);
      });
    });
  }
}

function reply(at: number, firstByte: number, bytes: Buffer, idOffset: number): number {
  replies[at] = firstByte;
  replies[at + 1] = 2;
  replies[at + 2] = bytes[idOffset] as number;
  replies[at + 3] = bytes[idOffset + 1] as number;
  return at + 4;
}

interface Batch {
  readonly bytes: Buffer;
  readonly frames: number;
}

/** The frames in turn, as writes of a fair size; a single frame is repeated. */
function batchesOf(frames: readonly Buffer[]): Batch[] {
  const [only] = frames;
  if (only === undefined) throw new Error('nothing to send');
  const perWrite = Math.min(
    FRAMES_PER_WRITE,
    Math.max(1, Math.floor(BYTES_PER_WRITE / only.length)),
  );
  const all = frames.length === 1 ? Array.from({ length: perWrite }, () => only) : frames;
  const batches: Batch[] = [];
  for (let from = 0; from < all.length; from += perWrite) {
    const part = all.slice(from, from + perWrite);
    batches.push({ bytes: Buffer.concat(part), frames: part.length });
  }
  return batches;
}

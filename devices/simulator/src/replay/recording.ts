// A recording read as a stream: a few kilobytes of it are in memory at a time, however long the file is.
import type { ReadingSource } from './merge.js';
import { parseReadingLine, type RecordedReading } from './reading-line.js';

/** Characters of a line; what is longer is malformed, and not kept while its end is looked for. */
const MAX_LINE_LENGTH = 256;

/** Called with file, line number and what is wrong. */
export type Malformed = (where: string, why: string) => void;

export class Recording implements ReadingSource {
  readonly metric: string;
  readonly #name: string;
  readonly #malformed: Malformed;
  readonly #chunks: AsyncIterator<string>;
  #readings: RecordedReading[] = [];
  #index = 0;
  #line = 0;
  #carry = '';
  #overlong = false;
  #ended = false;
  #bytes = 0;

  /** `text` comes in chunks of any length. */
  constructor(name: string, metric: string, text: AsyncIterable<string>, malformed: Malformed) {
    this.metric = metric;
    this.#name = name;
    this.#malformed = malformed;
    this.#chunks = text[Symbol.asyncIterator]();
  }

  get head(): RecordedReading | undefined {
    return this.#readings[this.#index];
  }

  /** Characters read so far. */
  get position(): number {
    return this.#bytes;
  }

  advance(): void {
    this.#index += 1;
  }

  async fill(): Promise<boolean> {
    while (this.head === undefined) {
      if (this.#ended) return false;
      this.#readings = [];
      this.#index = 0;
      const chunk = await this.#chunks.next();
      if (chunk.done === true) {
        this.#ended = true;
        this.#take(this.#carry);
        this.#carry = '';
      } else {
        this.#bytes += chunk.value.length;
        this.#split(chunk.value);
      }
    }
    return true;
  }

  #split(chunk: string): void {
    const lines = (this.#carry + chunk).split('\n');
    this.#carry = lines.pop() ?? '';
    for (const line of lines) this.#take(line);
    if (this.#carry.length > MAX_LINE_LENGTH) {
      this.#overlong = true;
      this.#carry = '';
    }
  }

  #take(line: string): void {
    this.#line += 1;
    const overlong = this.#overlong || line.length > MAX_LINE_LENGTH;
    this.#overlong = false;
    if (overlong) {
      this.#malformed(
        `${this.#name}:${this.#line}`,
        `is longer than ${MAX_LINE_LENGTH} characters`,
      );
      return;
    }
    if (line.trim() === '') return;
    const reading = parseReadingLine(line);
    if (typeof reading === 'string') this.#malformed(`${this.#name}:${this.#line}`, reading);
    else this.#readings.push(reading);
  }
}

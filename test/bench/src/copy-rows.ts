// COPY in its binary form: the fastest way into a table.
import type { PoolClient } from 'pg';

const SIGNATURE = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
const FIRST_BYTES = 1024 * 1024;
/** Postgres counts microseconds from 2000-01-01. */
const POSTGRES_EPOCH_MS = 946_684_800_000;
const TWO_TO_32 = 2 ** 32;

/** Rows as COPY takes them: `row`, then each of its fields in the order of the columns. */
export class CopyRows {
  #bytes = Buffer.allocUnsafeSlow(FIRST_BYTES);
  #length = SIGNATURE.copy(this.#bytes);

  row(fields: number): void {
    this.#reserve(2);
    this.#length = this.#bytes.writeInt16BE(fields, this.#length);
  }

  int(value: number): void {
    this.#open(4);
    this.#length = this.#bytes.writeInt32BE(value, this.#length);
  }

  float(value: number): void {
    this.#open(8);
    this.#length = this.#bytes.writeDoubleBE(value, this.#length);
  }

  /** Whole epoch milliseconds. */
  timestamp(timeMs: number): void {
    const micros = (timeMs - POSTGRES_EPOCH_MS) * 1_000;
    const high = Math.floor(micros / TWO_TO_32);
    this.#open(8);
    this.#length = this.#bytes.writeInt32BE(high, this.#length);
    this.#length = this.#bytes.writeUInt32BE(micros - high * TWO_TO_32, this.#length);
  }

  bytes(value: Uint8Array): void {
    this.#open(value.length);
    this.#bytes.set(value, this.#length);
    this.#length += value.length;
  }

  null(): void {
    this.#reserve(4);
    this.#length = this.#bytes.writeInt32BE(-1, this.#length);
  }

  finish(): Uint8Array {
    this.#reserve(2);
    this.#length = this.#bytes.writeInt16BE(-1, this.#length);
    return this.#bytes.subarray(0, this.#length);
  }

  #open(bytes: number): void {
    this.#reserve(4 + bytes);
    this.#length = this.#bytes.writeInt32BE(bytes, this.#length);
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(this.#bytes.length * 2);
    this.#bytes.copy(larger, 0, 0, this.#length);
    this.#bytes = larger;
  }
}

/** What the types of `pg` do not tell of a connection. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/** Copies what `CopyRows.finish` gave into a table. */
export function copyInto(client: PoolClient, table: string, rows: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    let failure: Error | undefined;
    const copy = {
      submit: (connection: CopyConnection) => {
        connection.query(`copy ${table} from stdin with (format binary)`);
      },
      handleCopyInResponse: (connection: CopyConnection) => {
        connection.sendCopyFromChunk(Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength));
        connection.endCopyFrom();
      },
      handleCommandComplete: () => undefined,
      handleError: (error: Error) => void (failure = error),
      handleReadyForQuery: () => (failure === undefined ? resolve() : reject(failure)),
    };
    (client.query as (submittable: object) => void)(copy);
  });
}

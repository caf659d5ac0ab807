// A shape says what of a packet matters: a subset of its fields. Buffers may be written as text.

import type { Received, ServerPacketName } from './packet-reader.js';

/** Fields that a packet must have; a field given as undefined must be absent. */
export type Shape<N extends ServerPacketName> = {
  [K in keyof Received<N>]?: Loose<Received<N>[K]> | undefined;
};

type Loose<T> = T extends Uint8Array
  ? Uint8Array | string
  : T extends readonly (infer U)[]
    ? readonly Loose<U>[]
    : T extends object
      ? { [K in keyof T]?: Loose<T[K]> | undefined }
      : T;

/** The first difference between a value and its shape, as text with its path; undefined when it fits. */
export function differenceFrom(shape: unknown, value: unknown, path = ''): string | undefined {
  if (Buffer.isBuffer(value)) return bytesDifference(shape, value, path);
  if (Array.isArray(shape)) {
    if (!Array.isArray(value) || value.length !== shape.length) return unequal(shape, value, path);
    return firstOf(shape.map((item, i) => differenceFrom(item, value[i], `${path}[${i}]`)));
  }
  if (typeof shape === 'object' && shape !== null) {
    if (typeof value !== 'object' || value === null) return unequal(shape, value, path);
    const fields = value as Record<string, unknown>;
    return firstOf(
      Object.entries(shape).map(([name, wanted]) =>
        differenceFrom(wanted, fields[name], path === '' ? name : `${path}.${name}`),
      ),
    );
  }
  return Object.is(shape, value) ? undefined : unequal(shape, value, path);
}

function bytesDifference(shape: unknown, value: Buffer, path: string): string | undefined {
  const isSame =
    (typeof shape === 'string' && value.equals(Buffer.from(shape))) ||
    (shape instanceof Uint8Array && value.equals(shape));
  return isSame ? undefined : unequal(shape, value, path);
}

function firstOf(differences: readonly (string | undefined)[]): string | undefined {
  return differences.find((difference) => difference !== undefined);
}

function unequal(wanted: unknown, got: unknown, path: string): string {
  return `${path}: wanted ${show(wanted)}, got ${show(got)}`;
}

/** A value on one line, with bytes as text where they are text. */
export function show(value: unknown): string {
  const text = JSON.stringify(value, (_name, part: unknown) => {
    const isBuffer = typeof part === 'object' && part !== null && 'type' in part && 'data' in part;
    if (!isBuffer || !Array.isArray(part.data)) return part;
    const bytes = Buffer.from(part.data as number[]);
    return bytes.length > 80 ? `${bytes.toString('latin1', 0, 80)}…` : bytes.toString();
  });
  return text ?? 'nothing';
}

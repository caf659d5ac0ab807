// As much DER as certificates need. Only what OpenSSL has parsed before is read with it.

export interface Element {
  readonly tag: number;
  /** Where it begins, with its tag. */
  readonly from: number;
  /** Where its value begins and ends. */
  readonly start: number;
  readonly end: number;
}

/** The elements between two places. */
export function elementsOf(
  bytes: Buffer,
  { start, end }: Pick<Element, 'start' | 'end'> = { start: 0, end: bytes.length },
): Element[] {
  const elements: Element[] = [];
  for (let at = start; at < end;) {
    const from = at;
    const tag = bytes[at] ?? 0;
    const short = bytes[at + 1] ?? 0;
    const lengthBytes = short < 0x80 ? 0 : short & 0x7f;
    at += 2 + lengthBytes;
    const length = lengthBytes === 0 ? short : bytes.readUIntBE(at - lengthBytes, lengthBytes);
    elements.push({ tag, from, start: at, end: at + length });
    at += length;
  }
  return elements;
}

/** The elements of the only element. */
export function unwrap(bytes: Buffer): Element[] {
  const [only] = elementsOf(bytes);
  return only === undefined ? [] : elementsOf(bytes, only);
}

/** Its value in hexadecimal. */
export function valueOf(bytes: Buffer, element: Element | undefined): string {
  return element === undefined ? '' : bytes.toString('hex', element.start, element.end);
}

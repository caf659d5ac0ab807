const SLAB_BYTES = 64 * 1024;

/** Where outgoing packets are written one behind the other. A full buffer is left to those who still hold it. */
export class Slab {
  buffer: Buffer = Buffer.allocUnsafeSlow(SLAB_BYTES);
  position = 0;

  /** Makes sure that `bytes` fit in one piece at `position` of `buffer`. */
  reserve(bytes: number): void {
    if (this.position + bytes <= this.buffer.length) return;
    this.buffer = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, bytes));
    this.position = 0;
  }
}

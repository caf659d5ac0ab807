// Bytes as people look at them. Pure.

/** Few enough that a line fits on a phone. */
const BYTES_A_LINE = 8;
const FIRST_PRINTABLE = 0x20;
const LAST_PRINTABLE = 0x7e;

/** Offset, bytes and their ASCII signs, eight bytes a line. */
export function hexDump(bytes: Uint8Array): string {
  const lines: string[] = [];
  for (let from = 0; from < bytes.length; from += BYTES_A_LINE) {
    const line = [...bytes.subarray(from, from + BYTES_A_LINE)];
    const hex = line.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const width = BYTES_A_LINE * 3 - 1;
    const signs = line.map(toSign).join('');
    lines.push(`${from.toString(16).padStart(5, '0')}  ${hex.padEnd(width)}  ${signs}`);
  }
  return lines.join('\n');
}

function toSign(byte: number): string {
  return byte >= FIRST_PRINTABLE && byte <= LAST_PRINTABLE ? String.fromCharCode(byte) : '·';
}

/** The bytes that base64 stands for. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
}

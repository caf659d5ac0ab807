/** The 4 or 16 bytes of an IP address; undefined for what is none, such as the path of a unix socket. */
export function ipBytes(address: string): Buffer | undefined {
  const [plain = ''] = address.split('%');
  return plain.includes(':') ? ip6Bytes(plain) : ip4Bytes(plain);
}

function ip4Bytes(text: string): Buffer | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const numbers = parts.map((part) => (/^\d{1,3}$/.test(part) ? Number(part) : 256));
  return numbers.every((number) => number < 256) ? Buffer.from(numbers) : undefined;
}

function ip6Bytes(text: string): Buffer | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map(groupsOf);
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<number>(missing).fill(0), ...tail];
  if (groups.some((group) => Number.isNaN(group))) return undefined;
  const bytes = Buffer.alloc(16);
  for (const [i, group] of groups.entries()) bytes.writeUInt16BE(group, i * 2);
  return bytes;
}

/** Groups of hexadecimal digits; an IPv4 address at the end is two of them. */
function groupsOf(half: string): number[] {
  if (half === '') return [];
  return half.split(':').flatMap((group) => {
    const four = group.includes('.') ? ip4Bytes(group) : undefined;
    if (four !== undefined) return [four.readUInt16BE(0), four.readUInt16BE(2)];
    return /^[0-9a-f]{1,4}$/i.test(group) ? Number.parseInt(group, 16) : Number.NaN;
  });
}

// A readable way to write bytes. What stands in a test is what is on the wire; nothing is checked,
// because a test must be able to write what the protocol forbids.
//
//   10 003c         bytes in hexadecimal, any even number of digits
//   'text'          the UTF-8 bytes of the text
//   "text"          a UTF-8 string of MQTT: two length bytes, then the text
//   u16:60 u32:7    numbers in two and four bytes
//   vbi:321         a variable byte integer
//   < ... >         what is inside, after its length as a variable byte integer; may be nested
//   61*5000         the token, repeated
//
// A CONNECT of MQTT 5.0: 10 < "MQTT" 05 02 u16:60 < 21 u16:10 > "client-1" >

const TOKEN = /\s*(?:([<>])|("[^"]*"|'[^']*'|[^\s<>"'*]+)(?:\*(\d+))?)/y;

/** The bytes that `text` describes. Throws on text that is no notation, naming the place. */
export function wire(text: string): Buffer {
  const groups: Buffer[][] = [[]];
  let end = 0;
  TOKEN.lastIndex = 0;
  for (let match = TOKEN.exec(text); match !== null; match = TOKEN.exec(text)) {
    end = TOKEN.lastIndex;
    const [, bracket, token, times] = match;
    if (bracket === '<') {
      groups.push([]);
    } else if (bracket === '>') {
      const inside = Buffer.concat(groups.pop() ?? []);
      innermost(groups, text).push(variableByteInteger(inside.length), inside);
    } else if (token !== undefined) {
      const bytes = tokenBytes(token);
      for (let i = 0; i < Number(times ?? 1); i++) innermost(groups, text).push(bytes);
    }
  }
  if (text.slice(end).trim() !== '') {
    throw new Error(`not wire notation from "${text.slice(end)}" in "${text}"`);
  }
  if (groups.length !== 1) throw new Error(`a < has no > in "${text}"`);
  return Buffer.concat(groups[0] ?? []);
}

/** 1 to 4 bytes, MQTT 5.0 section 1.5.5. */
export function variableByteInteger(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    const low = rest % 128;
    rest = Math.floor(rest / 128);
    bytes.push(rest > 0 ? low + 128 : low);
  } while (rest > 0);
  return Buffer.from(bytes);
}

/** Two length bytes, then the bytes. */
export function lengthPrefixed(value: string | Uint8Array): Buffer {
  const bytes = Buffer.from(value as Uint8Array);
  return Buffer.concat([number(bytes.length, 2), bytes]);
}

export function number(value: number, size: 1 | 2 | 4): Buffer {
  const bytes = Buffer.alloc(size);
  bytes.writeUIntBE(value, 0, size);
  return bytes;
}

function innermost(groups: Buffer[][], text: string): Buffer[] {
  const group = groups.at(-1);
  if (group === undefined) throw new Error(`a > has no < in "${text}"`);
  return group;
}

function tokenBytes(token: string): Buffer {
  if (token.startsWith('"')) return lengthPrefixed(token.slice(1, -1));
  if (token.startsWith("'")) return Buffer.from(token.slice(1, -1));
  const [kind, digits] = token.split(':');
  if (digits !== undefined && /^\d+$/.test(digits)) {
    if (kind === 'u16') return number(Number(digits), 2);
    if (kind === 'u32') return number(Number(digits), 4);
    if (kind === 'vbi') return variableByteInteger(Number(digits));
  }
  if (/^([0-9a-f]{2})+$/i.test(token)) return Buffer.from(token, 'hex');
  throw new Error(`"${token}" is not wire notation`);
}

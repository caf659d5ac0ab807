// What Node itself costs: sockets, and bytes from publishers to subscribers, without a broker in between. No broker on
// this machine, under this load generator, can be faster; an idle connection cannot be smaller.
import { createServer, type Socket } from 'node:net';

const CONNACK = Buffer.from([0x20, 2, 0, 0]);
const CONNACK5 = Buffer.from([0x20, 3, 0, 0, 0]);
/** As brokers do, it drops what a slow subscriber does not take. */
const MOST_UNSENT_BYTES = 8 * 1024 * 1024;
const subscribers = new Set<Socket>();

createServer({ noDelay: true }, (socket) => {
  let level = 0;
  let rest: Buffer | undefined;
  socket.on('error', () => undefined);
  socket.on('close', () => subscribers.delete(socket));
  socket.on('data', (chunk) => {
    const first = chunk[0] ?? 0;
    if (level === 0) {
      level = chunk[8] ?? 4;
      socket.write(level === 5 ? CONNACK5 : CONNACK);
    } else if (rest === undefined && first === 0x82) {
      subscribers.add(socket);
      const id = [chunk[2] ?? 0, chunk[3] ?? 0];
      socket.write(Buffer.from(level === 5 ? [0x90, 4, ...id, 0, 0] : [0x90, 3, ...id, 0]));
    } else if (first === 0xe0 && chunk.length === 2) socket.end();
    else rest = pass(rest === undefined ? chunk : Buffer.concat([rest, chunk]));
  });
}).listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 8192 });

/** Hands whole frames on (all are of one size) and answers what is left. */
function pass(bytes: Buffer): Buffer | undefined {
  let header = 2;
  let length = (bytes[1] ?? 0) & 0x7f;
  for (; (bytes[header - 1] ?? 0) >= 0x80; header += 1) {
    length |= ((bytes[header] ?? 0) & 0x7f) << (7 * (header - 1));
  }
  const whole = bytes.length - (bytes.length % (header + length));
  for (const socket of subscribers) {
    if (whole > 0 && socket.writableLength < MOST_UNSENT_BYTES)
      socket.write(bytes.subarray(0, whole));
  }
  return whole === bytes.length ? Buffer.alloc(0) : bytes.subarray(whole);
}

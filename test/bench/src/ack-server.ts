// What Node itself can acknowledge: answers CONNECT, and every PUBLISH with QoS 1 without a look at what is in it. With a
// second argument, groups of them wait for a pause of so many milliseconds, as they would for a commit that takes that long.
import { createServer, type Socket } from 'node:net';

const CONNACK = Buffer.from([0x20, 2, 0, 0]);
const pauseMs = Number(process.argv[3] ?? 0);

let gathered: { socket: Socket; acks: Buffer }[] = [];
let isWaiting = false;

createServer({ noDelay: true }, (socket) => {
  let rest = Buffer.alloc(0);
  let isConnected = false;
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    if (!isConnected) {
      isConnected = true;
      socket.write(CONNACK);
      return;
    }
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const acks: Buffer[] = [];
    let at = 0;
    for (let end = endOf(bytes, at); end <= bytes.length; end = endOf(bytes, at)) {
      acks.push(ackOf(bytes, at));
      at = end;
    }
    rest = Buffer.from(bytes.subarray(at));
    const [first] = acks;
    if (first !== undefined) answer(socket, acks.length === 1 ? first : Buffer.concat(acks));
  });
}).listen({ port: Number(process.argv[2]), host: '127.0.0.1', backlog: 8192 });

function answer(socket: Socket, acks: Buffer): void {
  if (pauseMs === 0) {
    socket.write(acks);
    return;
  }
  gathered.push({ socket, acks });
  if (isWaiting) return;
  isWaiting = true;
  setImmediate(begin);
}

/** While one group waits, the next gathers. */
function begin(): void {
  const group = gathered;
  gathered = [];
  setTimeout(() => {
    for (const { socket, acks } of group) socket.write(acks);
    if (gathered.length > 0) begin();
    else isWaiting = false;
  }, pauseMs);
}

/** Where the frame that begins at `at` ends; all are shorter than 128 bytes. */
function endOf(bytes: Buffer, at: number): number {
  return at + 2 + (bytes[at + 1] ?? Infinity);
}

function ackOf(bytes: Buffer, at: number): Buffer {
  const id = at + 4 + bytes.readUInt16BE(at + 2);
  return Buffer.from([0x40, 2, bytes[id] ?? 0, bytes[id + 1] ?? 0]);
}

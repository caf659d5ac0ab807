// A time server on a free UDP port of this machine, enough for a board that asks for the time of day.
import { createSocket } from 'node:dgram';

const SECONDS_1900_TO_1970 = 2_208_988_800;

export interface NtpServer {
  readonly port: number;
  close(): void;
}

export async function startNtpServer(): Promise<NtpServer> {
  const socket = createSocket('udp4');
  socket.on('message', (question, sender) => {
    const answer = Buffer.alloc(48);
    // Leap 0, version 4, mode 4 (server); stratum 2.
    answer.set([0x24, 2]);
    question.copy(answer, 24, 40, 48);
    const now = Date.now();
    answer.writeUInt32BE(Math.floor(now / 1_000) + SECONDS_1900_TO_1970, 40);
    answer.writeUInt32BE(Math.floor(((now % 1_000) / 1_000) * 2 ** 32), 44);
    socket.send(answer, sender.port, sender.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, close: () => socket.close() };
}

// A wire to Postgres that can be cut: what a database that went away looks like to the api.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

export interface DatabaseLink {
  /** The address of the database through this link. */
  readonly url: string;
  /** Ends every connection and refuses new ones. */
  cut(): Promise<void>;
  /** Lets nothing through any more, and ends nothing: a database that hangs. */
  stall(): void;
  /** Lets through what waited, and all that follows; harmless when nothing was stalled. */
  flow(): void;
  /** Listens again, on the same port; harmless when it does. */
  mend(): Promise<void>;
  close(): Promise<void>;
}

export async function openDatabaseLink(databaseUrl: string): Promise<DatabaseLink> {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  const pairs = new Set<readonly [Socket, Socket]>();
  let isStalled = false;
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  };
  const server = createServer((incoming) => {
    const outgoing = connect(Number(target.port), target.hostname);
    keep(incoming);
    keep(outgoing);
    const pair = [incoming, outgoing] as const;
    pairs.add(pair);
    if (!isStalled) join(pair);
    incoming.on('close', () => {
      pairs.delete(pair);
      outgoing.destroy();
    });
    outgoing.on('close', () => incoming.destroy());
  });
  const listen = (port: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
  const cut = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const url = new URL(databaseUrl);
  url.hostname = '127.0.0.1';
  url.port = String(port);
  return {
    url: url.href,
    cut,
    stall: () => {
      isStalled = true;
      for (const [incoming, outgoing] of pairs) {
        incoming.unpipe(outgoing);
        outgoing.unpipe(incoming);
      }
    },
    flow: () => {
      if (isStalled) pairs.forEach(join);
      isStalled = false;
    },
    mend: async () => {
      if (!server.listening) await listen(port);
    },
    close: cut,
  };
}

function join([incoming, outgoing]: readonly [Socket, Socket]): void {
  incoming.pipe(outgoing).pipe(incoming);
}

import { createServer } from 'node:net';

/** A port that somebody else has, and the variable that moves us away from it. */
export interface TakenPort {
  readonly port: number;
  readonly variable: string;
}

/** Which of the wanted ports cannot be had; port 0 always can. Asked before anything is started, so that the answer is quick. */
export async function findTakenPorts(
  wanted: readonly { port: number; host: string; variable: string }[],
): Promise<{ taken: TakenPort[]; problems: string[] }> {
  const taken: TakenPort[] = [];
  const problems: string[] = [];
  for (const { port, host, variable } of wanted) {
    if (port === 0) continue;
    const code = await tryListen(port, host);
    if (code === 'EADDRINUSE') taken.push({ port, variable });
    else if (code === 'EACCES') {
      problems.push(
        `Port ${port} needs more rights than this user has. Set ${variable} to a port above 1023.`,
      );
    } else if (code !== undefined) {
      problems.push(
        `Port ${port} on ${host} cannot be used (${code}). Check ${variable} and its host.`,
      );
    }
  }
  return { taken, problems };
}

/** A port that was free a moment ago. */
export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

function tryListen(port: number, host: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host }, () => server.close(() => resolve(undefined)));
  });
}

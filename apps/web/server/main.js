// Runs the dashboard's server as a process: by hand, in a container, or forked by `hearth start`.
import { startDashboard } from './dashboard-server.js';
import { parseEnvironment } from './env.js';

/** @param {unknown} message */
function tellParent(message) {
  process.send?.(message);
}

/** What went wrong, in words that name the variable to change. @param {unknown} error @param {number | undefined} port */
function explain(error, port) {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `Port ${port} is taken. Set HEARTH_PORT to another one.`;
  if (code === 'EACCES') {
    return `Port ${port} needs more rights than this user has. Set HEARTH_PORT to one above 1023.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return 'HEARTH_HOST is no address of this machine.';
  }
  return error instanceof Error ? error.message : String(error);
}

/** @type {number | undefined} */
let wantedPort;
try {
  const environment = parseEnvironment(process.env);
  wantedPort = environment.port;
  const dashboard = await startDashboard({
    ...environment,
    development: process.argv.includes('--development'),
  });
  let stopping = false;
  const stop = () => {
    if (stopping) return;
    stopping = true;
    dashboard.close().then(
      () => process.exit(0),
      (error) => {
        console.error('stopping failed', error);
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  if (process.send !== undefined) process.on('disconnect', stop);
  console.log(`dashboard listens on port ${dashboard.port}`);
  tellParent({ type: 'ready', port: dashboard.port });
} catch (error) {
  const message = explain(error, wantedPort);
  console.error(message);
  tellParent({ type: 'failed', message });
  process.exitCode = 1;
  if (process.connected) process.disconnect();
}

// The process: parse the environment, start, tell the supervisor, stop when told to.
import { createApp, type RunningApp } from './app.js';
import { createLogger } from './common/logger.js';
import { readEnv, type Env } from './config/env.js';
import { explainStartFailure } from './start-failure.js';

/** What stops when asked to does so within this time; after it, the process ends anyway. Milliseconds. */
const STOP_WITHIN_MS = 10_000;

let env: Env | undefined;
let app: RunningApp | undefined;
let logger = createLogger({ logLevel: 'info' });
let stopping = false;

/** A bug. The state can no longer be trusted; whoever runs us starts us again. */
function crash(error: unknown): void {
  logger.fatal({ err: error }, 'unforeseen error, the process ends');
  process.exit(1);
}

async function start(): Promise<void> {
  env = readEnv();
  logger = createLogger(env);
  app = await createApp(env, { logger });
  const { httpPort, mqttPort, setupUrl } = app;
  logger.info({ httpPort, mqttPort }, 'ready');
  if (process.send) process.send({ type: 'ready', httpPort, mqttPort, setupUrl });
  else if (setupUrl) logger.info({ setupUrl }, 'open this link to set Hearth up');
}

function reportFailure(error: unknown): void {
  const explained = explainStartFailure(error, env);
  if (explained) logger.fatal(explained);
  else logger.fatal({ err: error }, 'the start failed');
  const message = explained ?? (error instanceof Error ? error.message : String(error));
  if (!process.send) process.exit(1);
  process.send({ type: 'failed', message }, () => process.exit(1));
}

async function stop(): Promise<void> {
  if (stopping) return;
  stopping = true;
  // Before the start is through, nobody depends on us yet, and Postgres rolls back what is open.
  if (!app) process.exit(0);
  setTimeout(() => {
    logger.error('stopping took too long');
    process.exit(1);
  }, STOP_WITHIN_MS).unref();
  await app.close();
  logger.info('stopped');
  process.exit(0);
}

process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);
process.on('SIGINT', () => void stop());
process.on('SIGTERM', () => void stop());
// The supervisor is gone, however it ended: nobody would stop us any more.
process.on('disconnect', () => void stop());
await start().catch(reportFailure);

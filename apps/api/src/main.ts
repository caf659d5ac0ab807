// The process: parse the environment, start, tell the supervisor, stop when told to.
import { createApp } from './app.js';
import { readEnv } from './config/env.js';

const app = await createApp(readEnv());
process.once('SIGINT', () => void app.close());
process.once('SIGTERM', () => void app.close());

// What to tell the person in front of the terminal when the start fails. Pure.
import { BadEnvironment, type Env } from './config/env.js';
import { explainDatabaseFailure } from './database/errors.js';

/** A sentence that says what to do; undefined for a failure that nobody foresaw. */
export function explainStartFailure(error: unknown, env: Env | undefined): string | undefined {
  if (error instanceof BadEnvironment) return error.message;
  if (!env || !isListenError(error)) return explainDatabaseFailure(error);
  const variable = error.port === env.mqttPort ? 'HEARTH_MQTT_PORT' : 'HEARTH_API_PORT';
  const where = `Port ${error.port} ${WHY[error.code]}.`;
  return `${where} Set ${variable} to another port, or stop the program that uses it.`;
}

const WHY = {
  EADDRINUSE: 'is in use already',
  EACCES: 'may not be used by this user',
  EADDRNOTAVAIL: 'cannot be listened on at the configured address',
} as const;

interface ListenError {
  readonly code: keyof typeof WHY;
  readonly port: number;
}

function isListenError(error: unknown): error is Error & ListenError {
  return (
    error instanceof Error &&
    'code' in error &&
    String(error.code) in WHY &&
    'port' in error &&
    typeof error.port === 'number'
  );
}

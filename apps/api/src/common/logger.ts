// One JSON line an event: a fixed message plus fields. No credentials ever, no payloads above debug.
import type { LoggerService } from '@nestjs/common';
import { pino, type Logger } from 'pino';
import type { Env } from '../config/env.js';

/** Injection token of pino's `Logger`. */
export const LOGGER = Symbol('Logger');

export function createLogger(env: Pick<Env, 'logLevel'>): Logger {
  return pino({ level: env.logLevel, base: null });
}

/** Nest's own messages, through the same logger. Nest's chatter about modules and routes is debug. */
export class NestLogger implements LoggerService {
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  log(message: unknown, ...rest: unknown[]): void {
    this.#logger.debug(fields(rest), String(message));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.#logger.error(fields(rest), String(message));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.#logger.warn(fields(rest), String(message));
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.#logger.debug(fields(rest), String(message));
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.#logger.trace(fields(rest), String(message));
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.#logger.fatal(fields(rest), String(message));
  }
}

/** Nest passes a stack and a context after the message, either may be missing. */
function fields(rest: unknown[]): Record<string, unknown> {
  const context = rest.at(-1);
  const stack = rest.length > 1 ? rest[0] : undefined;
  return { context, ...(stack === undefined ? {} : { stack }) };
}

// The one place where an error becomes an HTTP answer: RFC 9457 problem details. Internals never leave.
import { STATUS_CODES } from 'node:http';
import {
  Catch,
  HttpException,
  Inject,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { PROBLEM_CONTENT_TYPE, type Problem } from '@hearth/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { DatabaseAway, isDatabaseAway } from '../database/database-away.js';
import { DiskFull, isDiskFull } from '../database/disk-full.js';
import { DomainError, type DomainErrorKind } from './domain-error.js';
import { LOGGER } from './logger.js';

const STATUS_OF_KIND: Readonly<Record<DomainErrorKind, number>> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  invalid: 422,
  'too-many': 429,
  unavailable: 503,
  damaged: 500,
};

/** Refusals by the HTTP framework, before a route is reached. Its own texts would name its insides. */
const REFUSALS: Readonly<Record<number, { code: string; detail: string }>> = {
  400: { code: 'malformed-request', detail: 'The request cannot be read: is the body valid JSON?' },
  404: { code: 'no-such-route', detail: 'There is nothing at this address.' },
  405: { code: 'method-not-allowed', detail: 'This address does not know this method.' },
  406: { code: 'not-acceptable', detail: 'This cannot be given in the form that was asked for.' },
  408: { code: 'request-timeout', detail: 'The request took too long to arrive.' },
  413: { code: 'body-too-large', detail: 'The body is larger than 1 MB.' },
  414: { code: 'address-too-long', detail: 'The address is too long.' },
  415: { code: 'unsupported-media-type', detail: 'Send JSON: Content-Type: application/json.' },
  431: { code: 'headers-too-large', detail: 'The headers are too large.' },
};

/** The problem that an error is told as. Anything unforeseen is a 500 that says nothing of the inside. */
export function toProblem(error: unknown): Problem {
  if (error instanceof DomainError) {
    return problem(STATUS_OF_KIND[error.kind], error.code, error.message, error.errors);
  }
  const status = statusOf(error);
  const refusal = REFUSALS[status];
  if (refusal) return problem(status, refusal.code, refusal.detail);
  return problem(500, 'internal', 'Something went wrong inside Hearth. The log says more.');
}

function problem(
  status: number,
  code: string,
  detail: string,
  errors?: DomainError['errors'],
): Problem {
  const title = STATUS_CODES[status] ?? 'Error';
  return {
    type: 'about:blank',
    title,
    status,
    detail,
    code,
    ...(errors && { errors: [...errors] }),
  };
}

function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number') {
    return error.statusCode;
  }
  return 500;
}

/** What is wrong with the database is a fact for people, not a fault inside. */
function explain(thrown: unknown): unknown {
  if (isDiskFull(thrown)) return new DiskFull(thrown);
  return isDatabaseAway(thrown) ? new DatabaseAway(thrown) : thrown;
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #logger: Logger;

  constructor(@Inject(LOGGER) logger: Logger) {
    this.#logger = logger;
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    const error = explain(thrown);
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    const request = host.switchToHttp().getRequest<FastifyRequest>();
    const answer = toProblem(error);
    const line = { method: request.method, route: request.routeOptions?.url, code: answer.code };
    if (answer.status === 500) this.#logger.error({ ...line, err: error }, 'request failed');
    else this.#logger.debug({ ...line, status: answer.status }, 'request refused');
    if (error instanceof DomainError && error.retryAfterSeconds !== undefined) {
      reply.header('retry-after', String(error.retryAfterSeconds));
    }
    reply.status(answer.status).header('content-type', PROBLEM_CONTENT_TYPE).send(answer);
  }
}

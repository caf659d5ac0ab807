// The one place that calls the api. Every answer is parsed by the contract's schema.
import type { z } from 'zod';
import { readProblem, unreachable, unreadable } from './api-problem';

/** How long an answer may take, in milliseconds. */
const REQUEST_TIMEOUT_MS = 20_000;

interface Call {
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** `GET`, parsed. Throws ApiProblem. */
export async function get<T extends z.ZodType>(
  path: string,
  schema: T,
  call: Call = {},
): Promise<z.output<T>> {
  return read(await send('GET', path, call), schema);
}

/** A call that answers with a body. Throws ApiProblem. */
export async function call<T extends z.ZodType>(
  method: 'POST' | 'PATCH' | 'DELETE',
  path: string,
  schema: T,
  body?: unknown,
): Promise<z.output<T>> {
  return read(await send(method, path, { body }), schema);
}

/** A call whose answer has nothing to say. Throws ApiProblem. */
export async function tell(
  method: 'POST' | 'DELETE' | 'PATCH',
  path: string,
  body?: unknown,
): Promise<void> {
  await send(method, path, { body });
}

async function send(method: string, path: string, { body, signal }: Call): Promise<Response> {
  const timeout = AbortSignal.timeout(REQUEST_TIMEOUT_MS);
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: {
        Accept: 'application/json, application/problem+json',
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw unreachable(error);
  }
  if (!response.ok) throw await readProblem(response);
  return response;
}

async function read<T extends z.ZodType>(response: Response, schema: T): Promise<z.output<T>> {
  try {
    return schema.parse(await response.json());
  } catch (error) {
    throw unreadable(response.status, error);
  }
}

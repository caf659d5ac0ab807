import type { FastifyRequest } from 'fastify';
import type { Client } from './session.service.js';

/** Whose request it is, as far as the wire says. The address is the browser's, behind a trusted proxy too. */
export function clientOf(request: FastifyRequest): Client {
  return { address: request.ip, userAgent: request.headers['user-agent']?.slice(0, 512) };
}

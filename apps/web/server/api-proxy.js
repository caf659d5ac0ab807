// Hands /api, /live and /mqtt on to the api. Next's own rewrites fix their destination at build time.
import { Agent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { createProxyServer } from 'httpxy';

/** Most connections to the api that wait in the pool between requests. */
const MAX_IDLE_API_SOCKETS = 32;
/** How long the api may take to begin an answer, and to accept a WebSocket, in milliseconds. */
const API_TIMEOUT_MS = 60_000;
const UPGRADE_TIMEOUT_MS = 10_000;

const WEBSOCKET_PATHS = new Set(['/live', '/mqtt']);
const FORWARDED_HEADERS = [
  'forwarded',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-real-ip',
];

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {import('node:net').Socket} Socket */

/** Path without the query; undefined for a target that is no path. @param {string | undefined} target */
function pathOf(target) {
  if (target === undefined || !target.startsWith('/')) return undefined;
  const end = target.search(/[?#]/);
  return end < 0 ? target : target.slice(0, end);
}

/** @param {string | undefined} target */
export function isApiRequest(target) {
  const path = pathOf(target);
  return path === '/api' || path?.startsWith('/api/') === true;
}

/** @param {string | undefined} target */
export function isApiWebSocket(target) {
  const path = pathOf(target);
  return path !== undefined && WEBSOCKET_PATHS.has(path);
}

/**
 * Only a proxy on this machine may say who the client is; anybody else's word is replaced by the
 * address that really connected, because the login's rate limit counts by it.
 * @param {IncomingMessage} request
 */
export function distrustForwardedHeaders(request) {
  const address = request.socket.remoteAddress ?? '';
  if (/^(?:::ffff:)?127\.|^::1$/.test(address)) return;
  for (const name of FORWARDED_HEADERS) delete request.headers[name];
}

/**
 * The problem that a caller sees while the api cannot be reached.
 * @param {NodeJS.ErrnoException} error
 */
function describeUnreachable(error) {
  const absent = error.code === 'ECONNREFUSED' || error.code === 'ENOENT';
  return {
    type: 'about:blank',
    title: absent ? 'The server is not running' : 'The server did not answer',
    status: absent ? 503 : 502,
    code: 'api-unreachable',
    detail: 'The dashboard is up, but the Hearth server behind it is not. It may be starting.',
  };
}

/** @param {{ apiUrl: URL }} options */
export function createApiProxy({ apiUrl }) {
  const pool = { keepAlive: true, maxFreeSockets: MAX_IDLE_API_SOCKETS };
  const agent = apiUrl.protocol === 'https:' ? new TlsAgent(pool) : new Agent(pool);
  const proxy = createProxyServer({
    target: apiUrl,
    agent,
    xfwd: true,
    proxyTimeout: API_TIMEOUT_MS,
    upgradeTimeout: UPGRADE_TIMEOUT_MS,
  });
  proxy.on('error', (error, _request, response) => {
    if (response === undefined) return;
    if ('writeHead' in response) answerUnreachable(response, error);
    else refuseUpgrade(response, '503 Service Unavailable');
  });
  return {
    /** @param {IncomingMessage} request @param {ServerResponse} response */
    async http(request, response) {
      distrustForwardedHeaders(request);
      await proxy.web(request, response);
    },
    /** @param {IncomingMessage} request @param {Socket} socket @param {Buffer} head */
    async webSocket(request, socket, head) {
      distrustForwardedHeaders(request);
      await proxy.ws(request, socket, {}, head);
    },
    close() {
      agent.destroy();
    },
  };
}

/** @param {Socket} socket @param {string} status */
export function refuseUpgrade(socket, status) {
  if (socket.writable) socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
  else socket.destroy();
}

/** @param {ServerResponse} response @param {NodeJS.ErrnoException} error */
function answerUnreachable(response, error) {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const problem = describeUnreachable(error);
  response.writeHead(problem.status, {
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
  });
  response.end(JSON.stringify(problem));
}

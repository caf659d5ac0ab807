// The front door: Next renders the pages, the api answers everything else.
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import next from 'next';
import { createApiProxy, isApiRequest, isApiWebSocket, refuseUpgrade } from './api-proxy.js';
import { contentSecurityPolicy, FIXED_HEADERS } from './security-headers.js';

/** Most browsers' connections at once. */
const MAX_CONNECTIONS = 4_096;
/** How long requests under way may take when the server stops, in milliseconds. */
const STOP_GRACE_MS = 2_000;
const NONCE_BYTES = 16;

/**
 * @typedef {object} DashboardOptions
 * @property {number} port 0 takes a free one
 * @property {string} host
 * @property {URL} apiUrl
 * @property {boolean} [development] Next's development mode: rebuilds on change, without the strict policy
 */

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {import('node:net').Socket} Socket */

/**
 * Starts the dashboard; resolves when it listens.
 * @param {DashboardOptions} options
 * @returns {Promise<{ port: number, close(): Promise<void> }>}
 */
export async function startDashboard({ port, host, apiUrl, development = false }) {
  const proxy = createApiProxy({ apiUrl });
  const server = createServer();
  server.maxConnections = MAX_CONNECTIONS;
  // Listening first tells a taken port before Next loads; requests that come meanwhile wait for it.
  const bound = await listen(server, port, host);
  // Next gets a server of its own that never listens: it would put a second 'upgrade' listener on ours.
  const app = next({
    dev: development,
    dir: fileURLToPath(new URL('../', import.meta.url)),
    hostname: host,
    port: bound,
    httpServer: createServer(),
  });
  const prepared = app.prepare();
  /** @param {IncomingMessage} request @param {ServerResponse} response */
  const renderPage = async (request, response) => {
    await prepared;
    await app.getRequestHandler()(withPageHeaders(request, response, development), response);
  };
  server.on('request', (request, response) => {
    const answer = isApiRequest(request.url)
      ? proxy.http(request, response)
      : renderPage(request, response);
    answer.catch((error) => failRequest(response, error));
  });

  /** @type {Set<Socket>} */
  const upgraded = new Set();
  server.on('upgrade', (request, socket, head) => {
    const tcpSocket = /** @type {Socket} */ (socket);
    upgraded.add(tcpSocket);
    tcpSocket.once('close', () => upgraded.delete(tcpSocket));
    tcpSocket.on('error', () => tcpSocket.destroy());
    if (isApiWebSocket(request.url)) {
      proxy.webSocket(request, tcpSocket, head).catch(() => tcpSocket.destroy());
    } else if (development) {
      prepared
        .then(() => app.getUpgradeHandler()(request, tcpSocket, head))
        .catch(() => tcpSocket.destroy());
    } else {
      refuseUpgrade(tcpSocket, '404 Not Found');
    }
  });
  try {
    await prepared;
  } catch (error) {
    server.close();
    server.closeAllConnections();
    throw error;
  }

  return {
    port: bound,
    async close() {
      await closeServer(server, upgraded);
      proxy.close();
      await app.close();
    },
  };
}

/**
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 * @param {boolean} development
 */
function withPageHeaders(request, response, development) {
  for (const [name, value] of Object.entries(FIXED_HEADERS)) response.setHeader(name, value);
  // The nonce is ours alone: a value sent by the client would end up in the page.
  delete request.headers['x-nonce'];
  delete request.headers['content-security-policy'];
  if (development) return request;
  const nonce = randomBytes(NONCE_BYTES).toString('base64');
  const policy = contentSecurityPolicy(nonce);
  request.headers['x-nonce'] = nonce;
  request.headers['content-security-policy'] = policy;
  response.setHeader('Content-Security-Policy', policy);
  return request;
}

/** @param {ServerResponse} response @param {unknown} error */
function failRequest(response, error) {
  console.error('request failed', error);
  if (response.headersSent) response.destroy();
  else response.writeHead(500, { 'Content-Type': 'text/plain' }).end('Something went wrong.\n');
}

/**
 * @param {import('node:http').Server} server
 * @param {number} port
 * @param {string} host
 * @returns {Promise<number>}
 */
function listen(server, port, host) {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

/**
 * @param {import('node:http').Server} server
 * @param {Set<Socket>} upgraded
 * @returns {Promise<void>}
 */
function closeServer(server, upgraded) {
  return new Promise((resolve) => {
    const grace = setTimeout(() => server.closeAllConnections(), STOP_GRACE_MS);
    server.close(() => {
      clearTimeout(grace);
      resolve();
    });
    for (const socket of upgraded) socket.destroy();
    server.closeIdleConnections();
  });
}

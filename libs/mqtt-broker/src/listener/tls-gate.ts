// TLS between a socket and whatever is spoken over it.

import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { ReasonCode } from '../codec/reason-codes.js';
import type { Limits } from '../limits.js';
import type { TlsOptions } from '../listener-options.js';
import type { Antechamber } from './antechamber.js';
import { LeafRevocation } from './leaf-revocation.js';
import { distrustInWords, failureInWords, isOfDates, NO_CERTIFICATE } from './tls-causes.js';
import { toTlsMaterial } from './tls-material.js';
import { TrustWithoutDates } from './trust-without-dates.js';

export interface TlsGateParts {
  readonly antechamber: Antechamber;
  readonly limits: Limits;
  /** For messages. */
  readonly listener: string;
  /** What may be spoken over it, in ALPN's names. */
  readonly protocol: string;
  /** The handshake is over, and the client's certificate is what was asked for. */
  readonly onSecure: (socket: TLSSocket) => void;
}

export class TlsGate {
  readonly #parts: TlsGateParts;
  /** Never listens: sockets are brought to it, so that it can be exchanged while others listen. */
  #server: Server;

  /** Throws InvalidTls. */
  constructor(tls: TlsOptions, parts: TlsGateParts) {
    this.#parts = parts;
    this.#server = makeServer(tls, parts);
  }

  /** A socket that is in the antechamber. */
  secure(socket: Socket): void {
    this.#server.emit('connection', socket);
  }

  /** For the handshakes that begin after the answer is called. A new server has new ticket keys: nobody resumes by what it proved to the old one. */
  prepare(tls: TlsOptions): () => void {
    const server = makeServer(tls, this.#parts);
    return () => {
      this.#server = server;
    };
  }
}

function makeServer(tls: TlsOptions, parts: TlsGateParts): Server {
  const { antechamber, limits, listener, protocol, onSecure } = parts;
  const { requestCertificate = 'none', ignoreCertificateDates = false, crlScope = 'chain' } = tls;
  const { crl: lists, ...material } = toTlsMaterial(tls, listener);
  const { ca = [] } = material;
  const crl = crlScope === 'chain' ? lists : undefined;
  const isByLeaf = crlScope === 'leaf' && lists !== undefined;
  const second = {
    undated: ignoreCertificateDates ? new TrustWithoutDates(ca, crl) : undefined,
    revocation: isByLeaf ? new LeafRevocation(ca, lists) : undefined,
  };
  const server = createServer({
    ...material,
    ...(crl === undefined ? {} : { crl }),
    requestCert: requestCertificate !== 'none',
    // Node then sends those without a certificate the alert that says so. It would not wait for a second opinion.
    rejectUnauthorized: requestCertificate === 'required' && second.undated === undefined,
    ALPNProtocols: [protocol],
    // MQTT has no use for it, and it costs us more than the one who asks.
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    // The antechamber's deadline comes first: this one starts again with every byte.
    handshakeTimeout: 2 * limits.handshakeTimeoutMs,
  });
  server.on('tlsClientError', (error, socket) => {
    const code = distrustOf(socket);
    if (code === undefined) antechamber.turnAway(below(socket), failureInWords(error));
    else antechamber.turnAway(below(socket), distrustInWords(code), ReasonCode.notAuthorized);
  });
  server.on('secureConnection', (socket) => {
    socket.on('error', () => undefined);
    if (!antechamber.replace(below(socket), socket)) {
      // Its time was up in the same turn.
      socket.destroy();
      return;
    }
    const problem = problemOf(socket, requestCertificate, second);
    if (problem === undefined) onSecure(socket);
    else antechamber.turnAway(socket, problem, ReasonCode.notAuthorized);
  });
  return server;
}

/** Of certificates that OpenSSL has judged. */
interface SecondOpinions {
  readonly undated: TrustWithoutDates | undefined;
  readonly revocation: LeafRevocation | undefined;
}

/** What is wrong with what the client proved of itself. */
function problemOf(
  socket: TLSSocket,
  requested: 'none' | 'optional' | 'required',
  { undated, revocation }: SecondOpinions,
): string | undefined {
  if (requested === 'none') return undefined;
  const certificate = socket.getPeerX509Certificate();
  if (certificate === undefined) {
    return requested === 'required' ? NO_CERTIFICATE : undefined;
  }
  const code = distrustOf(socket);
  const isForgiven = code !== undefined && isOfDates(code) && undated?.trusts(certificate) === true;
  if (code !== undefined && !isForgiven) return distrustInWords(code);
  // By the clock that OpenSSL goes by.
  return revocation?.objection(certificate, Date.now());
}

/** OpenSSL's code for why it does not trust a certificate. */
function distrustOf(socket: TLSSocket): string | undefined {
  // Its type says Error; it is a code, or null.
  const code: unknown = socket.authorizationError;
  return typeof code === 'string' ? code : undefined;
}

/** The socket that TLS is spoken over. Node has no public name for it, and no event that carries both. */
function below(socket: TLSSocket): Socket {
  const { _parent: parent } = socket as TLSSocket & { _parent?: Socket };
  // Without it none is found in the antechamber, and the deadline ends the connection.
  return parent ?? socket;
}

// The life of one connection: its phases, its timers and its end. What it decides, Effects does. What packets
// do to it is said in receive.ts.

import { NO_PROPERTIES, type Properties } from '../codec/properties.js';
import { ReasonCode } from '../codec/reason-codes.js';
import { ProtocolError } from '../errors.js';
import type { DisconnectCause } from '../events.js';
import type { ProtocolVersion } from '../message.js';
import type { ResolvedSettings } from '../listener-settings.js';
import type { Session, Subscription } from '../session/session.js';
import type { Core, Ending, Peer, Running } from './core.js';
import type { Due } from './deadlines.js';
import { answerTo } from './dialect.js';
import type { Effects } from './effects.js';
import type { Open, Phase } from './phase.js';
import { policyOf } from './version-policy.js';
import { leaveWill } from './will.js';

type Unopened = Exclude<Phase, { at: 'open' | 'closed' }>;

const AWAITING: Phase = { at: 'awaiting-connect' };
const CLOSED: Phase = { at: 'closed' };

export class Connection implements Running, Due {
  readonly core: Core;
  readonly effects: Effects;
  readonly peer: Peer;
  readonly settings: ResolvedSettings;
  phase: Phase = AWAITING;
  /** New subscriptions whose retained messages are being sent; empty when there is nothing to send. */
  readonly replays: Subscription[] = [];
  /** Set by whoever brings bytes; keep-alive measures from it. */
  lastReceivedAtMs: number;
  #paused = false;
  #isWaiting = false;
  #isHeld = false;
  /** Until the accepted CONNECT its time limit, then keep alive. */
  dueAtMs = 0;
  heapIndex = -1;

  constructor(core: Core, effects: Effects, peer: Peer, settings: ResolvedSettings) {
    this.core = core;
    this.effects = effects;
    this.peer = peer;
    this.settings = settings;
    this.lastReceivedAtMs = core.clock.now();
    core.deadlines.set(this, core.limits.connectTimeoutMs);
  }

  /** The wire delivered something that the protocol does not allow. */
  fail(error: ProtocolError, version: ProtocolVersion | undefined): void {
    const { reasonCode, isSilent } = answerTo(error, this.settings.dialect);
    const { message: reason } = error;
    if (this.phase.at === 'open') {
      this.end({ cause: 'protocol-error', reasonCode, reason, isSilent }); // [MQTT-4.13.1-1]
    } else this.refuse(reasonCode, reason, isSilent ? undefined : version); // [MQTT-3.1.4-1]
  }

  /** A bug, ours or of the embedding program: nobody stays half let in. */
  failInside(error: unknown, version: ProtocolVersion | undefined): void {
    this.core.onError(error);
    this.fail(new ProtocolError(ReasonCode.unspecifiedError, 'internal error'), version);
  }

  /** The network connection is gone. */
  lost(): void {
    if (this.phase.at === 'open') {
      this.end({ cause: 'socket-closed', reasonCode: ReasonCode.unspecifiedError });
    } else this.left('connection closed before CONNECT');
  }

  /** The client is gone before its CONNECT was accepted, and waits for no answer. */
  left(reason: string): void {
    const { phase } = this;
    if (phase.at === 'closed' || phase.at === 'open') return;
    this.#turnAway(phase, ReasonCode.unspecifiedError, reason);
  }

  /** The accepted CONNECT's end of the connect timer, and the start of keep-alive. */
  opened(open: Open): void {
    const { deadlines } = this.core;
    this.phase = open;
    this.core.open.add(this);
    const limitMs = open.keepAliveSeconds * 1500;
    if (limitMs > 0) deadlines.set(this, limitMs);
    else {
      deadlines.clear(this);
      this.effects.probe();
    }
  }

  get owesSinceMs(): number | undefined {
    return this.phase.at === 'open' ? this.phase.acks?.oldestSinceMs : undefined;
  }

  overdue(): void {
    const reason = 'a message could not be acknowledged in time';
    this.end({ cause: 'acknowledgement-overdue', reasonCode: ReasonCode.serverBusy, reason });
  }

  due(): void {
    const { phase } = this;
    if (phase.at === 'open') this.#checkKeepAlive(phase.keepAliveSeconds * 1500);
    else this.refuse(ReasonCode.unspecifiedError, 'no accepted CONNECT in time', undefined);
  }

  #checkKeepAlive(limitMs: number): void {
    const { clock, deadlines } = this.core;
    const idleMs = clock.now() - this.lastReceivedAtMs;
    // While we do not read, silence is our own doing.
    const notReading = this.#paused || this.#isWaiting || this.#isHeld;
    if (idleMs < limitMs || notReading) {
      deadlines.set(this, notReading ? limitMs : limitMs - idleMs);
    } else this.end({ cause: 'keep-alive-timeout', reasonCode: ReasonCode.keepAliveTimeout }); // [MQTT-3.1.2-22]
  }

  /** The client's packets wait for something of ours. */
  holdReading(): void {
    this.#isHeld = true;
    this.effects.pause();
  }

  releaseReading(): void {
    this.#isHeld = false;
    this.lastReceivedAtMs = this.core.clock.now();
    this.effects.resume();
  }

  /** Too much waits for acceptance. */
  pauseReading(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.effects.pause();
  }

  /** A receiver falls behind: reads no more until it caught up, or used its patience up. */
  waitFor({ patience }: Session): void {
    if (this.#isWaiting || patience.isSpent) return;
    this.#isWaiting = true;
    this.effects.pause();
    patience.hold(() => {
      this.#isWaiting = false;
      this.lastReceivedAtMs = this.core.clock.now();
      this.effects.resume();
    });
  }

  /** Acceptances settled; reading goes on when half of what may wait is free again. */
  resumeReading(): void {
    const { phase, core } = this;
    if (!this.#paused || phase.at !== 'open' || phase.acks === undefined) return;
    const { maxPendingAccepts, maxPendingAcceptBytes } = core.limits;
    if (phase.acks.pending > maxPendingAccepts / 2) return;
    if (phase.acks.pendingBytes > maxPendingAcceptBytes / 2) return;
    this.#paused = false;
    this.lastReceivedAtMs = core.clock.now();
    this.effects.resume();
  }

  /** Ends the connection before its CONNECT was accepted; with a version, says why. */
  refuse(reasonCode: number, reason: string, known: ProtocolVersion | undefined): void {
    const { phase } = this;
    if (phase.at === 'closed' || phase.at === 'open') return; // [MQTT-3.2.0-2]
    const connect = 'connect' in phase ? phase.connect : undefined;
    const version = connect?.protocolVersion ?? known;
    const isUnknownVersion = reasonCode === ReasonCode.unsupportedProtocolVersion;
    const explains = // [MQTT3-3.2.2-6]
      version !== undefined &&
      (connect !== undefined || policyOf(version).explainsBadConnect || isUnknownVersion);
    if (explains) {
      const maximumPacketSize = connect?.properties.maximumPacketSize ?? Infinity;
      this.effects.begin({ version, maximumPacketSize, topicAliasMaximum: 0 });
      const properties = isUnknownVersion ? NO_PROPERTIES : this.#inWords(reason);
      this.effects.send({ type: 'connack', sessionPresent: false, reasonCode, properties }); // [MQTT-3.2.2-6]
    }
    this.#turnAway(phase, reasonCode, reason); // [MQTT-3.1.4-2] [MQTT-3.2.2-7] [MQTT-4.13.2-1]
  }

  #inWords(reason: string | undefined): Readonly<Properties> {
    const isTold = reason !== undefined && this.settings.reasonStrings;
    return isTold ? { reasonString: reason } : NO_PROPERTIES;
  }

  #turnAway(from: Unopened, reasonCode: number, reason: string): void {
    const { core, peer } = this;
    const connect = 'connect' in from ? from.connect : undefined;
    core.deadlines.clear(this);
    this.phase = CLOSED;
    if (from.at === 'exchanging') from.exchange.abandon();
    this.effects.close();
    core.counters.refused.set(reasonCode, (core.counters.refused.get(reasonCode) ?? 0) + 1);
    core.events.emit('refused', {
      clientId: connect?.clientId,
      ...(connect?.username === undefined ? {} : { username: connect.username }),
      address: peer.address,
      transport: peer.transport,
      reasonCode,
      cause: reason,
      atMs: core.clock.now(),
    });
  }

  /** Ends an open connection. Harmless in every other phase. */
  end(ending: Ending): void {
    const { phase, core } = this;
    if (phase.at !== 'open') return; // [MQTT-3.14.0-1]
    core.deadlines.clear(this);
    this.phase = CLOSED;
    core.open.delete(this);
    phase.reauthentication?.abandon();
    const { cause, reasonCode } = ending;
    if (isOurs(cause) && ending.isSilent !== true) {
      const properties = this.#inWords(ending.reason); // [MQTT-3.14.2-2]
      this.effects.send({ type: 'disconnect', reasonCode, properties });
    }
    this.effects.close(); // [MQTT-3.14.4-1] [MQTT-3.14.4-2]
    core.events.emit('disconnected', {
      clientId: phase.session.clientId,
      principal: phase.principal,
      address: this.peer.address,
      cause,
      reasonCode,
      ...(ending.takenOverBy === undefined ? {} : { takenOverBy: ending.takenOverBy }),
      atMs: core.clock.now(),
    });
    const how = cause === 'taken-over' ? cause : 'lost';
    core.sessions.release(phase.session, leaveWill(core, phase, ending), how);
  }
}

/** Whether the broker is the one who ends, so that it owes a DISCONNECT. */
function isOurs(cause: DisconnectCause): boolean {
  return (
    cause !== 'client-disconnect' &&
    cause !== 'client-disconnect-with-will' &&
    cause !== 'socket-closed'
  );
}

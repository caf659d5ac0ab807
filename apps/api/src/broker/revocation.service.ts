// Credentials that count no more stop counting at once: for connections, sessions, retained messages,
// and for whoever was just connecting (CVE-2018-12546, CVE-2021-34434, CVE-2026-6564).
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { deviceSubtree } from '@hearth/contracts';
import { ReasonCode } from '@hearth/mqtt-broker';
import type { Logger } from 'pino';
import { LOGGER } from '../common/logger.js';
import { HearthEventBus, type HearthEvents } from '../events/hearth-events.js';
import { BrokerService } from './broker.service.js';
import { DeviceAuthenticator } from './device-authenticator.js';

@Injectable()
export class RevocationService implements OnModuleInit {
  readonly #events: HearthEventBus;
  readonly #broker: BrokerService;
  readonly #authenticator: DeviceAuthenticator;
  readonly #logger: Logger;

  constructor(
    events: HearthEventBus,
    broker: BrokerService,
    authenticator: DeviceAuthenticator,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.#events = events;
    this.#broker = broker;
    this.#authenticator = authenticator;
    this.#logger = logger;
  }

  onModuleInit(): void {
    this.#events.on('credentials-revoked', (revoked) => this.#revoke(revoked));
    // A CONNECT may have been verified just before its secret was rotated.
    this.#broker.on('connected', ({ principal }) => {
      if (!this.#authenticator.isCurrent(principal)) this.#disconnect(principal.id);
    });
  }

  #revoke({ principalId, reason }: HearthEvents['credentials-revoked']): void {
    this.#authenticator.forget(principalId);
    const connections = this.#disconnect(principalId);
    // Harmless for an integration: below `hearth/<its user name>/` there is nothing.
    if (reason === 'deleted') this.#broker.clearRetained(`${deviceSubtree(principalId)}#`);
    this.#logger.info({ principalId, reason, connections }, 'credentials revoked');
  }

  #disconnect(principalId: string): number {
    return this.#broker.disconnectPrincipal(principalId, ReasonCode.notAuthorized, {
      deleteSession: true,
    });
  }
}

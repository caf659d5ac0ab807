// Remembers who was turned away at the broker, and says so in the log.
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import type { BrokerEvents } from '@hearth/mqtt-broker';
import type { Logger } from 'pino';
import { LOGGER } from '../common/logger.js';
import { reasonName } from './broker-stats.js';
import { BrokerService } from './broker.service.js';
import { RecentRefusals, type RecentRefusal } from './recent-refusals.js';

@Injectable()
export class RefusalService implements OnModuleInit {
  readonly #broker: BrokerService;
  readonly #logger: Logger;
  readonly #recent = new RecentRefusals();

  constructor(broker: BrokerService, @Inject(LOGGER) logger: Logger) {
    this.#broker = broker;
    this.#logger = logger;
  }

  onModuleInit(): void {
    this.#broker.on('refused', (refused) => this.#add(fromRefused(refused)));
    this.#broker.on('denied', (denied) => this.#add(fromDenied(denied)));
  }

  /** The last ones, newest first. */
  list(): RecentRefusal[] {
    return this.#recent.list();
  }

  #add(refusal: RecentRefusal): void {
    this.#recent.add(refusal);
    this.#logger.debug({ refusal }, 'refused at the broker');
  }
}

function fromRefused(refused: BrokerEvents['refused']): RecentRefusal {
  return {
    type: 'connect',
    atMs: refused.atMs,
    username: refused.username,
    clientId: refused.clientId,
    address: refused.address,
    reason: reasonName(refused.reasonCode),
  };
}

function fromDenied(denied: BrokerEvents['denied']): RecentRefusal {
  return {
    type: denied.action,
    atMs: denied.atMs,
    username: denied.principal.id,
    clientId: denied.clientId,
    topic: denied.topic,
  };
}

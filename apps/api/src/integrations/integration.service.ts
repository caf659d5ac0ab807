// Programs with a user name of their own and topics that the owner allowed: bridges, scripts.
import { randomUUID } from 'node:crypto';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import type {
  HomeId,
  Integration,
  integrationCreateSchema,
  IntegrationWithPassword,
} from '@hearth/contracts';
import type { z } from 'zod';
import { auditOf } from '../audit/audit-entry.js';
import type { Actor } from '../auth/access.js';
import { hashSecret, newSecret } from '../common/secret-hash.js';
import { Directory, type RegisteredIntegration } from '../directory/directory.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { IntegrationNotFound, TooManyIntegrations } from './errors.js';
import { IntegrationRepository } from './integration.repository.js';

const MAX_INTEGRATIONS_PER_HOME = 200;

@Injectable()
export class IntegrationService implements OnModuleInit {
  readonly #integrations: IntegrationRepository;
  readonly #directory: Directory;
  readonly #events: HearthEventBus;

  constructor(integrations: IntegrationRepository, directory: Directory, events: HearthEventBus) {
    this.#integrations = integrations;
    this.#directory = directory;
    this.#events = events;
  }

  async onModuleInit(): Promise<void> {
    for (const integration of await this.#integrations.listRegistered()) {
      this.#directory.putIntegration(integration);
    }
  }

  list(homeId: HomeId): Promise<Integration[]> {
    return this.#integrations.list(homeId);
  }

  /** Throws `UsernameTaken`. Without a password, one is made; this is the only time that it is shown. */
  async create(
    homeId: HomeId,
    wanted: z.output<typeof integrationCreateSchema>,
    actor: Actor,
  ): Promise<IntegrationWithPassword> {
    const existing = await this.#integrations.list(homeId);
    if (existing.length >= MAX_INTEGRATIONS_PER_HOME) {
      throw new TooManyIntegrations(MAX_INTEGRATIONS_PER_HOME);
    }
    const made = newSecret();
    const registered: RegisteredIntegration = {
      type: 'integration',
      id: randomUUID(),
      homeId,
      name: wanted.name,
      username: wanted.username,
      topicFilters: wanted.topicFilters,
      secretHash: await hashSecret(wanted.password ?? made),
    };
    const integration = await this.#integrations.create(
      registered,
      auditOf(actor, 'integration.created', registered.id, {
        username: registered.username,
        topicFilters: registered.topicFilters,
      }),
    );
    this.#directory.putIntegration(registered);
    this.#events.emit('changed', { what: 'integrations', deviceId: null });
    return { integration, password: wanted.password === undefined ? made : null };
  }

  async remove(homeId: HomeId, id: string, actor: Actor): Promise<void> {
    const found = (await this.#integrations.list(homeId)).find((one) => one.id === id);
    if (!found) throw new IntegrationNotFound();
    const { username } = found;
    await this.#integrations.remove(id, auditOf(actor, 'integration.removed', id, { username }));
    this.#directory.removeIntegration(username);
    this.#events.emit('credentials-revoked', { principalId: username, reason: 'deleted' });
    this.#events.emit('changed', { what: 'integrations', deviceId: null });
  }
}

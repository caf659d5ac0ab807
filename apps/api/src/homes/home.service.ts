import { Injectable } from '@nestjs/common';
import type { Home, HomeId, Me } from '@hearth/contracts';
import { auditOf } from '../audit/audit-entry.js';
import type { Actor } from '../auth/access.js';
import { defined, type Defined } from '../common/defined.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { HomeRepository, type MembershipRow } from './home.repository.js';

@Injectable()
export class HomeService {
  readonly #homes: HomeRepository;
  readonly #events: HearthEventBus;

  constructor(homes: HomeRepository, events: HearthEventBus) {
    this.#homes = homes;
    this.#events = events;
  }

  /** The home of this installation; undefined until it is set up. */
  find(): Promise<Home | undefined> {
    return this.#homes.find();
  }

  get(id: HomeId): Promise<Home> {
    return this.#homes.get(id);
  }

  findMembership(userId: string): Promise<MembershipRow | undefined> {
    return this.#homes.findMembership(userId);
  }

  async describe(actor: Actor, homeId: HomeId): Promise<Me> {
    const home = await this.#homes.get(homeId);
    const user =
      actor.type === 'user'
        ? { id: actor.id, name: actor.name, email: actor.email }
        : { id: 'local', name: 'This machine', email: '' };
    return { user, role: actor.role, home };
  }

  async change(
    homeId: HomeId,
    wanted: { [K in 'name' | 'timeZone' | 'units']?: Home[K] | undefined },
    actor: Actor,
  ): Promise<Home> {
    const change: Defined<Pick<Home, 'name' | 'timeZone' | 'units'>> = defined(wanted);
    const home = await this.#homes.change(
      homeId,
      change,
      auditOf(actor, 'home.changed', homeId, { ...change }),
    );
    this.#events.emit('changed', { what: 'home', deviceId: null });
    return home;
  }
}

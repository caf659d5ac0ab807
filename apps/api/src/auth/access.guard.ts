// Denies by default. Every HTTP route passes here before its body is looked at.
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Role } from '@hearth/contracts';
import type { FastifyReply } from 'fastify';
import { NotAllowed, NotSignedIn } from '../common/errors.js';
import { ENV, type Env } from '../config/env.js';
import { ALLOWED_ROLES, PUBLIC_ROUTE, type ActorRequest } from './access.js';
import { isForeignRequest, isSafeMethod } from './cross-origin.js';
import { ForeignOrigin } from './errors.js';
import { IdentityService } from './identity.service.js';

const MAY_READ: readonly Role[] = ['owner', 'member', 'viewer'];
const MAY_CHANGE: readonly Role[] = ['owner', 'member'];

@Injectable()
export class AccessGuard implements CanActivate {
  readonly #reflector: Reflector;
  readonly #identities: IdentityService;
  readonly #publicHost: string;

  constructor(reflector: Reflector, identities: IdentityService, @Inject(ENV) env: Env) {
    this.#reflector = reflector;
    this.#identities = identities;
    this.#publicHost = new URL(env.publicUrl).host;
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    // The live gateway identifies its clients at the upgrade, before any message can arrive.
    if (context.getType() !== 'http') return true;
    const request = context.switchToHttp().getRequest<ActorRequest>();
    const targets = [context.getHandler(), context.getClass()];
    // A token is not sent by browsers on their own; everything else might be.
    const { method, headers } = request;
    const hosts = [request.host, this.#publicHost];
    if (headers.authorization === undefined && isForeignRequest({ method, hosts, headers })) {
      throw new ForeignOrigin();
    }
    if (this.#reflector.getAllAndOverride<true | undefined>(PUBLIC_ROUTE, targets)) return true;
    const identity = await this.#identities.identify(headers);
    if (!identity) throw new NotSignedIn();
    const roles =
      this.#reflector.getAllAndOverride<readonly Role[] | undefined>(ALLOWED_ROLES, targets) ??
      (isSafeMethod(method) ? MAY_READ : MAY_CHANGE);
    if (!roles.includes(identity.actor.role)) throw new NotAllowed();
    request.actor = identity.actor;
    if (identity.cookies.length > 0) {
      const reply = context.switchToHttp().getResponse<FastifyReply>();
      reply.header('set-cookie', [...identity.cookies]);
    }
    return true;
  }
}

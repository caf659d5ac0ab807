// Who asks, and which routes they may use. The guard denies by default; these decorators say otherwise.
import {
  createParamDecorator,
  SetMetadata,
  type CustomDecorator,
  type ExecutionContext,
} from '@nestjs/common';
import type { HomeId, Role } from '@hearth/contracts';
import type { FastifyRequest } from 'fastify';
import { SetupNeeded } from '../common/errors.js';

/** Who makes a request. `local` proved that it can read the data folder, and is as good as the owner. */
export type Actor =
  | {
      readonly type: 'user';
      readonly id: string;
      readonly name: string;
      readonly email: string;
      readonly role: Role;
      readonly homeId: HomeId;
    }
  | {
      readonly type: 'local';
      readonly role: 'owner';
      /** Undefined until the first-run setup made the home. */
      readonly homeId: HomeId | undefined;
    };

/** The name that an actor has in the audit log and in `requestedBy`. */
export function actorName(actor: Actor): string {
  return actor.type === 'user' ? actor.email : 'local';
}

export const PUBLIC_ROUTE = 'hearth:public';
export const ALLOWED_ROLES = 'hearth:roles';

/** Opens a route to everybody. */
export function Public(): CustomDecorator {
  return SetMetadata(PUBLIC_ROUTE, true);
}

/** Only these roles. Without it: everybody at home may read, owner and members may change. */
export function Roles(...roles: Role[]): CustomDecorator {
  return SetMetadata(ALLOWED_ROLES, roles);
}

/** Where the guard leaves the actor for the decorators below. */
export interface ActorRequest extends FastifyRequest {
  actor?: Actor;
}

function actorOf(context: ExecutionContext): Actor {
  const { actor } = context.switchToHttp().getRequest<ActorRequest>();
  if (!actor) throw new Error('a public route has no actor');
  return actor;
}

/** Parameter: the `Actor` of the request. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext) =>
  actorOf(context),
);

/** Parameter: the `HomeId` that the request is about. Refuses with `SetupNeeded` before there is one. */
export const CurrentHome = createParamDecorator((_: unknown, context: ExecutionContext): HomeId => {
  const { homeId } = actorOf(context);
  if (!homeId) throw new SetupNeeded();
  return homeId;
});

import { RequestMethod } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, Reflector } from '@nestjs/core';
import { PUBLIC_ROUTE } from '../auth/access.js';
import { ROUTE_CONTRACT, type RouteContract } from '../common/contract.js';

/** A route that is served, with or without a contract. */
export interface ServedRoute {
  readonly method: string;
  readonly path: string;
  readonly isPublic: boolean;
  readonly contract: RouteContract | undefined;
}

type Handler = (...args: unknown[]) => unknown;

/** Every route of every controller. */
@Injectable()
export class RouteList {
  readonly #discovery: DiscoveryService;
  readonly #scanner: MetadataScanner;
  readonly #reflector: Reflector;

  constructor(discovery: DiscoveryService, scanner: MetadataScanner, reflector: Reflector) {
    this.#discovery = discovery;
    this.#scanner = scanner;
    this.#reflector = reflector;
  }

  list(): ServedRoute[] {
    return this.#discovery.getControllers().flatMap(({ metatype, instance }) => {
      if (!metatype || !instance) return [];
      const prototype = Object.getPrototypeOf(instance) as Record<string, Handler>;
      return this.#scanner.getAllMethodNames(prototype).flatMap((name) => {
        const handler = prototype[name];
        return handler ? this.#routeOf(metatype as Handler, handler) : [];
      });
    });
  }

  #routeOf(controller: Handler, handler: Handler): ServedRoute[] {
    const method = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
    if (method === undefined) return [];
    const base = String(Reflect.getMetadata(PATH_METADATA, controller));
    const own = String(Reflect.getMetadata(PATH_METADATA, handler));
    const parts = [base, own].flatMap((part) => part.split('/')).filter((part) => part !== '');
    // The prefix is set in app.ts, which leaves /metrics out.
    const prefix = parts.join('/') === 'metrics' ? '' : '/api';
    return [
      {
        method: RequestMethod[method],
        path: `${prefix}/${parts.join('/')}`,
        isPublic:
          this.#reflector.getAllAndOverride<boolean | undefined>(PUBLIC_ROUTE, [
            handler,
            controller,
          ]) ?? false,
        contract: this.#reflector.get<RouteContract | undefined>(ROUTE_CONTRACT, handler),
      },
    ];
  }
}

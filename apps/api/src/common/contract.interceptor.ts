// Parses what comes in before the route sees it, and what goes out before the wire does.
import {
  Injectable,
  type CallHandler,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import type { z } from 'zod';
import { ROUTE_CONTRACT, type RouteContract } from './contract.js';
import type { FieldFault } from './domain-error.js';
import { InvalidInput } from './errors.js';

@Injectable()
export class ContractInterceptor implements NestInterceptor {
  readonly #reflector: Reflector;

  constructor(reflector: Reflector) {
    this.#reflector = reflector;
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const contract = this.#reflector.get<RouteContract | undefined>(
      ROUTE_CONTRACT,
      context.getHandler(),
    );
    if (!contract) return next.handle();
    parseRequest(contract, context.switchToHttp().getRequest<FastifyRequest>());
    const response = contract.response;
    return response ? next.handle().pipe(map((answer) => response.parse(answer))) : next.handle();
  }
}

function parseRequest(contract: RouteContract, request: FastifyRequest): void {
  const faults: FieldFault[] = [];
  const parse = (schema: z.ZodType | undefined, value: unknown): unknown => {
    if (!schema) return value;
    const parsed = schema.safeParse(value);
    if (!parsed.success) faults.push(...parsed.error.issues.flatMap(toFaults));
    return parsed.data;
  };
  const params = parse(contract.params, request.params);
  const query = parse(contract.query, request.query);
  const body = parse(contract.body, request.body ?? {});
  if (faults.length > 0) throw new InvalidInput(faults);
  Object.assign(request, { params, query, body });
}

/** An issue as the field that a person can correct. */
function toFaults(issue: z.core.$ZodIssue): FieldFault[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      field: [...path, key].join('.'),
      message: 'is not a field of this request',
    }));
  }
  return [{ field: path.join('.'), message: issue.message }];
}

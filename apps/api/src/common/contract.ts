// One decorator says what a route takes and gives. It validates both, and OpenAPI is made from it.
import { applyDecorators, HttpCode, SetMetadata } from '@nestjs/common';
import type { z } from 'zod';

export interface RouteContract {
  /** One line for the API documentation. */
  readonly summary: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** Without it the route answers with an empty body or with something other than JSON. */
  readonly response?: z.ZodType;
  /** Media type of a response that is not JSON. */
  readonly contentType?: string;
  /** Default 200. */
  readonly status?: number;
}

export const ROUTE_CONTRACT = 'hearth:contract';

/**
 * What the route takes and gives. `@Param()`, `@Query()` and `@Body()` then hold the parsed values; a
 * wrong body is a 422 problem that names each field. The answer is parsed too: a field that the
 * contract does not name never leaves the house.
 */
export function Contract(contract: RouteContract): MethodDecorator {
  return applyDecorators(
    SetMetadata(ROUTE_CONTRACT, contract),
    HttpCode(contract.status ?? (contract.response || contract.contentType ? 200 : 204)),
  );
}

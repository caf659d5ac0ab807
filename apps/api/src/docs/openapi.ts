// The OpenAPI document, made of the contracts on the routes. Pure.
import { STATUS_CODES } from 'node:http';
import { PROBLEM_CONTENT_TYPE, problemSchema } from '@hearth/contracts';
import { z } from 'zod';
import type { RouteContract } from '../common/contract.js';

export interface DocumentedRoute {
  readonly method: string;
  /** With parameters as Nest writes them: `/api/rooms/:id`. */
  readonly path: string;
  readonly isPublic: boolean;
  readonly contract: RouteContract;
}

type JsonSchema = z.core.JSONSchema.BaseSchema;

const PROBLEM = { $ref: '#/components/schemas/Problem' };

/** OpenAPI 3.1: its schemas are JSON Schema 2020-12, which is what zod writes. */
export function openApiOf(routes: readonly DocumentedRoute[], version: string) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes.toSorted((a, b) => a.path.localeCompare(b.path))) {
    const path = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Hearth', version, license: { name: 'Apache-2.0', identifier: 'Apache-2.0' } },
    paths,
    components: {
      schemas: { Problem: schemaOf(problemSchema, 'output') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'hearth.session_token' },
        local: {
          type: 'http',
          scheme: 'bearer',
          description: 'Content of `local-token` in the data folder.',
        },
      },
    },
  };
}

function operationOf({ contract, isPublic, path }: DocumentedRoute) {
  const status = String(contract.status ?? (contract.response || contract.contentType ? 200 : 204));
  const answer = contract.response
    ? { content: { 'application/json': { schema: schemaOf(contract.response, 'output') } } }
    : contract.contentType
      ? { content: { [contract.contentType]: {} } }
      : {};
  return {
    summary: contract.summary,
    tags: [path.split('/')[2] ?? 'other'],
    security: isPublic ? [] : [{ session: [] }, { local: [] }],
    parameters: [
      ...parametersOf(contract.params, 'path'),
      ...parametersOf(contract.query, 'query'),
    ],
    ...(contract.body && {
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(contract.body, 'input') } },
      },
    }),
    responses: {
      [status]: { description: STATUS_CODES[status] ?? 'Done', ...answer },
      default: {
        description: 'Refused: RFC 9457 problem details',
        content: { [PROBLEM_CONTENT_TYPE]: { schema: PROBLEM } },
      },
    },
  };
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query') {
  if (!schema) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input');
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: property,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  // What a schema checks beyond JSON Schema (a time zone that exists) is left out, not refused.
  const json: JsonSchema = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  delete json.$schema;
  return json;
}

import { Controller, Get, Header } from '@nestjs/common';
import { z } from 'zod';
import { Contract } from '../common/contract.js';
import { VERSION } from '../health/version.js';
import { docsPage } from './docs-page.js';
import { openApiOf, type DocumentedRoute } from './openapi.js';
import { RouteList } from './route-list.js';

@Controller('docs')
export class DocsController {
  readonly #routes: RouteList;

  constructor(routes: RouteList) {
    this.#routes = routes;
  }

  @Get()
  @Header('content-type', 'text/html; charset=utf-8')
  @Contract({ summary: 'This documentation', contentType: 'text/html' })
  page() {
    return docsPage(this.#document(), '/api/docs/openapi.json');
  }

  @Get('openapi.json')
  @Contract({ summary: 'This documentation as OpenAPI', response: z.looseObject({}) })
  json() {
    return this.#document();
  }

  #document() {
    const documented = this.#routes
      .list()
      .filter((route): route is DocumentedRoute => route.contract !== undefined);
    return openApiOf(documented, VERSION);
  }
}

import { z } from 'zod';
import { docsPage } from './docs-page.js';
import { openApiOf } from './openapi.js';

const document = openApiOf(
  [
    {
      method: 'PATCH',
      path: '/api/lamps/:id',
      isPublic: false,
      contract: {
        summary: 'Switch <a> lamp',
        params: z.object({ id: z.uuid() }),
        query: z.object({ soft: z.coerce.boolean().optional() }),
        body: z.strictObject({ on: z.boolean(), level: z.number().min(0).max(1).default(1) }),
        response: z.object({ on: z.boolean() }),
        status: 202,
      },
    },
    {
      method: 'DELETE',
      path: '/api/lamps/:id',
      isPublic: true,
      contract: { summary: 'Remove a lamp' },
    },
  ],
  '1.2.3',
);
const lamps = document.paths['/api/lamps/{id}'];

describe('openApiOf', () => {
  it('says parameters, body, answer and refusals of a route', () => {
    expect(lamps?.['patch']).toMatchObject({
      summary: 'Switch <a> lamp',
      tags: ['lamps'],
      security: [{ session: [] }, { local: [] }],
      parameters: [
        { name: 'id', in: 'path', required: true, schema: { format: 'uuid' } },
        { name: 'soft', in: 'query', required: false },
      ],
      requestBody: {
        content: {
          'application/json': {
            schema: { required: ['on'], additionalProperties: false },
          },
        },
      },
      responses: {
        202: { content: { 'application/json': { schema: { required: ['on'] } } } },
        default: { content: { 'application/problem+json': {} } },
      },
    });
  });

  it('says that an open route needs nobody, and that nothing comes back', () => {
    expect(lamps?.['delete']).toMatchObject({
      security: [],
      parameters: [],
      responses: { 204: { description: 'No Content' } },
    });
  });
});

describe('docsPage', () => {
  it('shows every route, escaped', () => {
    const html = docsPage(document, '/api/docs/openapi.json');
    expect(html).toContain('<code>/api/lamps/{id}</code> Switch &lt;a&gt; lamp');
    expect(html).not.toContain('<a> lamp');
  });
});

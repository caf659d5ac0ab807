// The API documentation as one page without scripts. Pure.
import type { openApiOf } from './openapi.js';

type Document = ReturnType<typeof openApiOf>;

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1c1917;background:#fafaf9}
summary{cursor:pointer;padding:.4rem 0}code{font:14px ui-monospace,monospace}pre{overflow:auto;padding:.75rem;background:#f0efed;border-radius:.5rem}
b{display:inline-block;min-width:4.5rem}@media(prefers-color-scheme:dark){body{color:#e7e5e4;background:#1c1917}pre{background:#292524}a{color:#fbbf24}}`;

/** HTML of the document: one line a route, its schemas below it. */
export function docsPage(document: Document, jsonPath: string): string {
  const routes = Object.entries(document.paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, operation]) => routeHtml(method, path, operation)),
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Hearth API</title><style>${STYLE}</style></head>
<body><h1>Hearth API ${escapeHtml(document.info.version)}</h1>
<p>The same as <a href="${escapeHtml(jsonPath)}">OpenAPI ${document.openapi}</a>. Errors are RFC 9457 problem details.</p>
${routes.join('\n')}
</body></html>
`;
}

function routeHtml(method: string, path: string, operation: unknown): string {
  const summary = (operation as { summary: string }).summary;
  return `<details><summary><b>${method.toUpperCase()}</b><code>${escapeHtml(path)}</code> ${escapeHtml(summary)}</summary><pre>${escapeHtml(JSON.stringify(operation, null, 2))}</pre></details>`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

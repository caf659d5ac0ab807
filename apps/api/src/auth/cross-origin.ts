// Whether a browser sent a request on behalf of a foreign page (CSRF). Pure.
import type { IncomingHttpHeaders } from 'node:http';

const SAFE_METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

export interface BrowserRequest {
  readonly method: string;
  /** Host and port as the browser wrote them (behind a trusted proxy those that it forwards), and our public ones. */
  readonly hosts: readonly string[];
  readonly headers: IncomingHttpHeaders;
}

/** True for methods that change nothing (RFC 9110 §9.2.1). */
export function isSafeMethod(method: string): boolean {
  return SAFE_METHODS.has(method);
}

/**
 * True when a changing request comes from another origin. Sec-Fetch-Site decides where the browser sends
 * it (over TLS and on localhost); else Origin must name a host of ours. Programs send
 * neither, and no page can make a browser leave both away.
 */
export function isForeignRequest(request: BrowserRequest): boolean {
  if (isSafeMethod(request.method)) return false;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  const { origin } = request.headers;
  if (origin === undefined) return false;
  if (!URL.canParse(origin)) return true;
  return !request.hosts.some((host) => host.toLowerCase() === new URL(origin).host);
}

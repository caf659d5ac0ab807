// Whether a WebSocket handshake comes from a page of ours. Browsers let any page open a WebSocket to any
// host and send our cookies along; the Origin header is what tells (RFC 6455 section 10.2).
import type { IncomingHttpHeaders } from 'node:http';

/**
 * True when a browser sent the handshake for a page of another host. Programs send no Origin. A page
 * cannot set X-Forwarded-Host on a handshake, so it is believed whoever sends it: a proxy in front of
 * us replaces Host.
 */
export function isForeignOrigin(headers: IncomingHttpHeaders, publicUrl: string): boolean {
  const { origin } = headers;
  if (origin === undefined) return false;
  if (!URL.canParse(origin)) return true;
  const forwarded = headers['x-forwarded-host'];
  const hosts = [headers.host, ...[forwarded ?? []].flat(), new URL(publicUrl).host];
  return !hosts.some((host) => host?.toLowerCase() === new URL(origin).host);
}

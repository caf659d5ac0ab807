// From listener blocks to the broker's listeners: addresses, transports, TLS.

import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { ListenerOptions, TlsOptions } from '../../listener-options.js';
import { FileProblem, wordsOf } from '../file-problem.js';
import type { ListenerSection, MosquittoConf } from './parse.js';
import { settingsOf } from './settings-of.js';
import { tlsOf } from './tls-of.js';

/** A listener block and the listeners that it comes to: one for each address of its host. */
export interface ListenersOfSection {
  section: ListenerSection;
  listeners: (ListenerOptions & { name: string })[];
}

/** Rejects with FileProblem. `localHosts` are the only addresses when nobody named one. */
export async function listenersOf(
  conf: MosquittoConf,
  section: ListenerSection,
  port: number,
  localHosts: readonly string[] | undefined,
): Promise<ListenersOfSection> {
  const tls = tlsOf(section);
  const settings = settingsOf(conf, section);
  const { protocol, websockets_origin: origins } = section.values;
  if (section.socketPath !== undefined) {
    const listener = { ...unixListener(section, section.socketPath, tls), settings };
    return { section, listeners: [listener] };
  }
  if (origins !== undefined && protocol !== 'websockets') {
    throw problem(section, 'websockets_origin', 'needs protocol websockets beside it');
  }
  const isWebSocket = protocol === 'websockets';
  const hosts = localHosts ?? (await hostsOf(section));
  const listeners = hosts.map((host) => {
    const where = {
      name: nameOf(section, port, host),
      port,
      settings,
      ...(host === undefined ? {} : { host }),
      ...(section.values.socket_domain === 'ipv6' ? { ipv6Only: true } : {}),
    };
    if (!isWebSocket) {
      return tls === undefined
        ? { ...where, transport: 'tcp' as const }
        : { ...where, transport: 'tls' as const, tls };
    }
    const web = { ...where, ...(origins === undefined ? {} : { origins }) };
    return tls === undefined
      ? { ...web, transport: 'websocket' as const }
      : { ...web, transport: 'wss' as const, tls };
  });
  return { section, listeners };
}

/** How a listener is called in logs, and by itself in the authenticator. */
function nameOf(section: ListenerSection, port: number, host: string | undefined): string {
  return `${section.place.file}:${section.place.line} ${host ?? '*'}:${port}`;
}

function unixListener(
  section: ListenerSection,
  path: string,
  tls: TlsOptions | undefined,
): ListenerOptions & { name: string } {
  if (tls !== undefined) throw problem(section, 'certfile', 'there is no TLS on a unix socket');
  if (section.values.protocol === 'websockets') {
    throw problem(section, 'protocol', 'there are no websockets on a unix socket');
  }
  return {
    name: `${section.place.file}:${section.place.line} ${path}`,
    transport: 'unix',
    path,
    // As Mosquitto makes it by the usual mask: who may enter the folder may connect.
    mode: 0o666 & ~currentMask(),
  };
}

function currentMask(): number {
  return process.umask();
}

/** Undefined stands for all addresses of the machine. */
async function hostsOf(section: ListenerSection): Promise<(string | undefined)[]> {
  const { host } = section;
  const domain = section.values.socket_domain;
  const family = domain === undefined ? 0 : domain === 'ipv4' ? 4 : 6;
  if (host === undefined) return [[undefined, '0.0.0.0', '::'][[0, 4, 6].indexOf(family)]];
  const kind = isIP(host);
  if (kind !== 0) {
    if (family !== 0 && family !== kind) {
      throw problem(section, 'socket_domain', `${host} is no ${domain} address`);
    }
    return [host];
  }
  try {
    const found = await lookup(host, { all: true, family });
    return Array.from(new Set(found.map((one) => one.address)));
  } catch (error) {
    throw new FileProblem(section.place, `listener: ${wordsOf(error)}`);
  }
}

function problem(section: ListenerSection, name: string, what: string): FileProblem {
  return new FileProblem(section.places.get(name) ?? section.place, `${name}: ${what}`);
}

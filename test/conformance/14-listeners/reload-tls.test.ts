// New keys, certificates and lists for running listeners; and those that cannot be used, at the start and later.
import type { TLSSocket } from 'node:tls';
import { RawClient } from '@hearth/testkit';
import { allowAll, createBroker, InvalidTls, type TlsOptions } from '@hearth/mqtt-broker';
import { TestAuthority } from '../../support/test-authority.js';
import { startServer, type TestServer } from '../support/server.js';
import {
  authority,
  identity,
  openTls,
  openTlsSocket,
  overTls,
  portOf,
  SERVER_NAME,
} from '../support/tls.js';

const renewed = authority.issue(SERVER_NAME, { dnsName: SERVER_NAME });
const device = authority.issue('device');
const tls: TlsOptions = { key: identity.key, cert: identity.cert };
const asking: TlsOptions = { ...tls, requestCertificate: 'required', ca: authority.ca };
const garbled = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
const garbledList = garbled.replaceAll('CERTIFICATE', 'X509 CRL');

const serialOf = (socket: TLSSocket): string => socket.getPeerCertificate().serialNumber;
const hexOf = ({ serial }: { serial: Buffer }): string => serial.toString('hex').toUpperCase();

async function presented(server: TestServer, name: string): Promise<string> {
  return serialOf(await openTlsSocket(portOf(server, name)));
}

const unusable: [string, TlsOptions, RegExp][] = [
  ['a certificate that is none', { ...tls, cert: 'nothing' }, /cert has no CERTIFICATE in it/],
  ['a garbled certificate', { ...tls, cert: garbled }, /cert cannot be used/],
  ['a garbled one behind a good one', { ...tls, cert: identity.cert + garbled }, /cert cannot/],
  ['a key that is none', { ...tls, key: 'nothing' }, /key and cert cannot be used/],
  ['the key of another certificate', { ...tls, key: renewed.key }, /key values mismatch/],
  ['an authority that is none', { ...asking, ca: 'nothing' }, /ca has no CERTIFICATE in it/],
  ['a garbled one of two authorities', { ...asking, ca: [authority.ca, garbled] }, /ca cannot/],
  ['no authority for clients', { ...tls, requestCertificate: 'optional' }, /no ca says whose/],
  ['a list that is none', { ...asking, crl: authority.ca }, /crl has no X509 CRL in it/],
  ['a garbled list', { ...asking, crl: [authority.revoke([]), garbledList] }, /crl cannot be used/],
  [
    'ciphers that do not exist',
    { ...tls, ciphers: 'NONE-OF-THESE' },
    /key and cert cannot be used/,
  ],
  [
    'versions that exclude each other',
    { ...tls, minVersion: 'TLSv1.3', maxVersion: 'TLSv1.2' },
    /no version is from TLSv1.3 to TLSv1.2/,
  ],
];

describe('reloadTls', () => {
  it('gives the new certificate to new connections and leaves old ones alone', async () => {
    const server = await startServer({ listeners: [overTls({}, 'x')] });
    const socket = await openTlsSocket(portOf(server, 'x'));
    const client = await new RawClient(socket).connect({ clientId: 'old' });
    server.broker.reloadTls({ x: { key: renewed.key, cert: renewed.cert } });
    expect(await presented(server, 'x')).toBe(hexOf(renewed));
    expect(serialOf(socket)).toBe(hexOf(identity));
    await client.roundTrip();
  });

  it('takes new authorities and new demands', async () => {
    const server = await startServer({ listeners: [overTls({}, 'x')] });
    const other = new TestAuthority('Other');
    server.broker.reloadTls({ x: { ...asking, ca: other.ca } });
    const refused = server.next('refused');
    const { cert, key } = device;
    await openTls(portOf(server, 'x'), { cert, key }).then((client) => client.expectClosed());
    expect(await refused).toMatchObject({
      cause: 'the client certificate is of an unknown authority',
    });
    const known = other.issue('device');
    const client = await openTls(portOf(server, 'x'), { cert: known.cert, key: known.key });
    await client.connect({ clientId: 'c' });
  });

  it('takes new revocation lists', async () => {
    const server = await startServer({
      listeners: [overTls({ ...asking, crl: authority.revoke([]) }, 'x')],
    });
    const { cert, key } = device;
    await (await openTls(portOf(server, 'x'), { cert, key })).connect({ clientId: 'c' });
    server.broker.reloadTls({ x: { ...asking, crl: authority.revoke([device]) } });
    const refused = server.next('refused');
    await openTls(portOf(server, 'x'), { cert, key }).then((client) => client.expectClosed());
    expect(await refused).toMatchObject({ cause: 'the client certificate is revoked' });
  });

  it.each(unusable)('keeps what it has on %s, on all listeners', async (_what, broken, message) => {
    const server = await startServer({ listeners: [overTls({}, 'x'), overTls({}, 'y')] });
    const both = { x: { key: renewed.key, cert: renewed.cert }, y: broken };
    expect(() => server.broker.reloadTls(both)).toThrow(message);
    expect(() => server.broker.reloadTls(both)).toThrow(InvalidTls);
    expect(() => server.broker.reloadTls(both)).toThrow('TLS of the listener y');
    expect(await presented(server, 'x')).toBe(hexOf(identity));
    expect(await presented(server, 'y')).toBe(hexOf(identity));
  });

  it('refuses names of no listener, and of one without TLS', async () => {
    const server = await startServer({
      listeners: [
        overTls({}, 'x'),
        { transport: 'tcp', port: 0, host: '127.0.0.1', name: 'plain' },
      ],
    });
    const reload = (name: string) => () => server.broker.reloadTls({ [name]: tls });
    expect(reload('z')).toThrow(new RangeError('no listener is named z'));
    expect(reload('plain')).toThrow(new RangeError('the listener plain speaks no TLS'));
  });
});

describe('createBroker', () => {
  it.each(unusable)('refuses %s', (_what, broken, message) => {
    const create = () =>
      createBroker({ authenticator: allowAll(), listeners: [{ ...overTls(), tls: broken }] });
    expect(create).toThrow(message);
    expect(create).toThrow(InvalidTls);
  });

  it('refuses two listeners of one name', () => {
    const listeners = [overTls({}, 'x'), overTls({}, 'x')];
    expect(() => createBroker({ listeners })).toThrow(new RangeError('two listeners are named x'));
  });
});

// Who gets in by a certificate, who does not, and what the authenticator learns of it. Never fail open.
import { once } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { RawClient, within } from '@hearth/testkit';
import type { ClientCertificate, TlsOptions } from '@hearth/mqtt-broker';
import { type Issued, TestAuthority } from '../../support/test-authority.js';
import { startServer, type TestServer } from '../support/server.js';
import { authority, openTls, openTlsSocket, overTls, portOf } from '../support/tls.js';

const device = authority.issue('device-1');
const required = { requestCertificate: 'required', ca: authority.ca } as const;

interface Setup {
  server: TestServer;
  /** What the authenticator was shown, client by client. */
  certificates: (ClientCertificate | undefined)[];
}

async function start(tls: Partial<TlsOptions>): Promise<Setup> {
  const certificates: (ClientCertificate | undefined)[] = [];
  const server = await startServer({
    listeners: [overTls(tls)],
    authenticator: {
      authenticate: ({ certificate }) => {
        certificates.push(certificate);
        return { id: 'x', canPublish: () => true, canSubscribe: () => true };
      },
    },
  });
  return { server, certificates };
}

/** Connects and expects to be let in. */
async function enter(setup: Setup, certificate?: Issued, options = {}): Promise<RawClient> {
  const own = certificate && { cert: certificate.cert, key: certificate.key };
  const client = await openTls(portOf(setup.server, 'tls'), { ...own, ...options });
  return client.connect({ clientId: `c${setup.certificates.length}` });
}

/** Connects, says CONNECT and expects to be turned away unheard. Answers the cause. */
async function fail({ server }: Setup, certificate?: Partial<Issued>, options = {}) {
  const refused = server.next('refused');
  const own = certificate && { cert: certificate.cert, key: certificate.key };
  // On TLS 1.2 the handshake fails here, on 1.3 the client takes it for done.
  const client = await openTls(portOf(server, 'tls'), { ...own, ...options }).catch(
    () => undefined,
  );
  client?.send(Buffer.from('100d00044d5154540402003c000161', 'hex'));
  const { cause, reasonCode } = await refused;
  await client?.expectClosed();
  expect(server.broker.stats().connectionsOpened).toBe(0);
  return { cause, reasonCode };
}

describe('requestCertificate none', () => {
  it('does not ask: a client that has one stays unknown', async () => {
    const setup = await start({});
    await enter(setup, device);
    expect(setup.certificates).toEqual([undefined]);
  });
});

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('client certificates over %s', (maxVersion) => {
  it.each(['optional', 'required'] as const)('lets a trusted one in when %s', async (mode) => {
    const setup = await start({ requestCertificate: mode, ca: authority.ca });
    await enter(setup, device, { maxVersion });
    expect(setup.certificates).toMatchObject([{ commonName: 'device-1', subject: 'CN=device-1' }]);
  });

  it('lets a client without one in when optional', async () => {
    const setup = await start({ requestCertificate: 'optional', ca: authority.ca });
    await enter(setup, undefined, { maxVersion });
    expect(setup.certificates).toEqual([undefined]);
  });

  it('turns a client without one away when required', async () => {
    expect(await fail(await start(required), undefined, { maxVersion })).toMatchObject({
      cause: 'the client has no certificate',
    });
  });

  const twin = new TestAuthority();
  const stranger = new TestAuthority('Stranger');
  const strangers = stranger.issue('device-1');
  const below = new TestAuthority('Below', authority);
  const expiredBelow = new TestAuthority('Expired', authority, { fromDays: -2, toDays: -1 });
  const belowExpired = expiredBelow.issue('device-1');
  const belowStranger = new TestAuthority('Below', stranger);
  const chained = (leaf: Issued, ...above: TestAuthority[]): Issued => ({
    ...leaf,
    cert: [leaf.cert, ...above.map(({ ca }) => ca)].join(''),
  });
  const unknown = 'the client certificate is of an unknown authority';

  describe.each(['optional', 'required'] as const)('when %s', (requestCertificate) => {
    it.each<[string, Issued, string, Partial<TlsOptions>?]>([
      ['of another authority', strangers, unknown],
      ['of another authority with the same name', twin.issue('device-1'), unknown],
      ['below another authority', chained(belowStranger.issue('d'), belowStranger), unknown],
      ['whose authority is not sent along', below.issue('device-1'), unknown],
      ['signed by a certificate that is no authority', device, unknown, { ca: stranger.ca }],
      [
        'that has expired',
        authority.issue('d', { fromDays: -2, toDays: -1 }),
        'the client certificate has expired',
      ],
      [
        'whose authority has expired',
        chained(belowExpired, expiredBelow),
        'the client certificate has expired',
      ],
      [
        'that is not valid yet',
        authority.issue('d', { fromDays: 1 }),
        'the client certificate is not valid yet',
      ],
      [
        'for servers',
        authority.issue('d', { usage: 'server' }),
        'the client certificate is not one for clients',
      ],
      [
        'that is revoked',
        device,
        'the client certificate is revoked',
        { crl: authority.revoke([device]) },
      ],
      [
        'that is revoked by the second list of a file',
        device,
        'the client certificate is revoked',
        {
          ca: [stranger.ca, authority.ca],
          crl: stranger.revoke([]) + authority.revoke([device]),
        },
      ],
      [
        'whose authority has no revocation list',
        device,
        'there is no revocation list for an authority of the client certificate',
        { ca: [stranger.ca, authority.ca], crl: stranger.revoke([]) },
      ],
      [
        'whose revocation list has expired',
        device,
        'the revocation list has expired',
        { crl: authority.revoke([], { fromDays: -2, toDays: -1 }) },
      ],
      [
        'whose revocation list is of another with the same name',
        device,
        'the client certificate is not trusted: CRL_SIGNATURE_FAILURE',
        { crl: twin.revoke([]) },
      ],
    ])('turns one away %s', async (_what, certificate, cause, tls = {}) => {
      const setup = await start({ requestCertificate, ca: authority.ca, ...tls });
      expect(await fail(setup, certificate, { maxVersion })).toEqual({ cause, reasonCode: 0x87 });
    });

    it('takes those of several authorities, of one below, and those that are not revoked', async () => {
      const other = new TestAuthority('Other');
      const revoked = authority.issue('revoked');
      const setup = await start({
        requestCertificate,
        ca: other.ca + authority.ca,
        crl: [other.revoke([]) + authority.revoke([revoked]), below.revoke([])],
      });
      await enter(setup, device, { maxVersion });
      await enter(setup, other.issue('device-2', { usage: 'client' }), { maxVersion });
      await enter(setup, chained(below.issue('device-3'), below), { maxVersion });
      const names = setup.certificates.map((one) => one?.commonName);
      expect(names).toEqual(['device-1', 'device-2', 'device-3']);
    });
  });

  describe('crlScope leaf', () => {
    const ca = authority.ca + below.ca;
    const revoked = below.issue('revoked');
    const leaf = { requestCertificate: 'required', ca, crlScope: 'leaf' } as const;
    const expired = { fromDays: -2, toDays: -1 };
    const twin = new TestAuthority('Below', authority);

    it('wants no list of the authorities above', async () => {
      const setup = await start({ ...leaf, crl: below.revoke([revoked]) });
      await enter(setup, chained(below.issue('device-3'), below), { maxVersion });
    });

    it.each<[string, Issued, string, string]>([
      ['revoked', revoked, below.revoke([revoked]), 'the client certificate is revoked'],
      [
        'revoked by a list that has expired, beside one that has not',
        revoked,
        below.revoke([]) + below.revoke([revoked], expired),
        'the client certificate is revoked',
      ],
      [
        'whose list has expired',
        revoked,
        below.revoke([], expired),
        'the revocation list has expired',
      ],
      [
        'whose list is not valid yet',
        revoked,
        below.revoke([], { fromDays: 1, toDays: 3 }),
        'the revocation list has expired',
      ],
      [
        'whose authority has none',
        revoked,
        authority.revoke([]),
        'there is no revocation list for an authority of the client certificate',
      ],
      [
        'whose list is signed by another',
        revoked,
        twin.revoke([]),
        'there is no revocation list for an authority of the client certificate',
      ],
      [
        'of an authority that is unknown',
        new TestAuthority('Unknown').issue('device'),
        below.revoke([]),
        'the client certificate is of an unknown authority',
      ],
      [
        'that has expired',
        below.issue('old', expired),
        below.revoke([]),
        'the client certificate has expired',
      ],
    ])('turns one away %s', async (_what, certificate, crl, cause) => {
      const setup = await start({ ...leaf, crl });
      const answer = await fail(setup, chained(certificate, below), { maxVersion });
      expect(answer).toEqual({ cause, reasonCode: 0x87 });
    });

    it('forgives the dates of certificates, but no revocation', async () => {
      const old = below.issue('old', expired);
      const forgiving = { ...leaf, ignoreCertificateDates: true };
      const setup = await start({ ...forgiving, crl: below.revoke([]) });
      await enter(setup, chained(old, below), { maxVersion });
      const strict = await start({ ...forgiving, crl: below.revoke([old]) });
      expect(await fail(strict, chained(old, below), { maxVersion })).toEqual({
        cause: 'the client certificate is revoked',
        reasonCode: 0x87,
      });
    });
  });

  it('are known again when a TLS session is resumed', async () => {
    const setup = await start(required);
    const session = await sessionOf(setup, maxVersion);
    const socket = await openTlsSocket(portOf(setup.server, 'tls'), { session, maxVersion });
    expect(socket.isSessionReused()).toBe(true);
    await new RawClient(socket).connect({ clientId: 'd' });
    expect(setup.certificates.map((one) => one?.commonName)).toEqual(['device-1', 'device-1']);
  });

  it('do not outlive their revocation by a resumed session', async () => {
    const setup = await start(required);
    const { server } = setup;
    await server.broker.stop();
    const next = await startServer({ listeners: [overTls(required, 'x')] });
    const session = await sessionOf({ server: next, certificates: [] }, maxVersion);
    const { tls } = overTls({ ...required, crl: authority.revoke([device]) });
    next.broker.reloadTls({ x: tls });
    const refused = next.next('refused');
    const socket = await openTlsSocket(portOf(next, 'x'), { session, maxVersion }).catch(
      () => undefined,
    );
    expect(socket?.isSessionReused() ?? false).toBe(false);
    expect(await refused).toMatchObject({ cause: 'the client has no certificate' });
  });
});

/** The TLS session of a client that was let in. */
async function sessionOf(setup: Setup, maxVersion: 'TLSv1.2' | 'TLSv1.3'): Promise<Buffer> {
  const { cert, key } = device;
  const socket: TLSSocket = await openTlsSocket(portOf(setup.server, 'tls'), {
    cert,
    key,
    maxVersion,
  });
  const session = once(socket, 'session') as Promise<[Buffer]>;
  await new RawClient(socket).connect({ clientId: 's' });
  const early = maxVersion === 'TLSv1.2' ? socket.getSession() : undefined;
  return early ?? (await within(8000, 'a session', session))[0];
}

describe('what the authenticator learns', () => {
  it.each<[string, Parameters<TestAuthority['issue']>[0], string, string | undefined]>([
    ['a name', 'device-1', 'CN=device-1', 'device-1'],
    [
      'a whole name, last part first',
      [
        ['C', 'DE'],
        ['O', 'Haus, Hof & Garten'],
        ['OU', 'cellar'],
        ['CN', 'boiler'],
        ['emailAddress', 'boiler@example.org'],
      ],
      String.raw`emailAddress=boiler@example.org,CN=boiler,OU=cellar,O=Haus\, Hof & Garten,C=DE`,
      'boiler',
    ],
    [
      'what has to be escaped',
      [
        ['O', ' a"b+c;d<e>f\\g '],
        ['CN', '#x=y\n'],
      ],
      String.raw`CN=\#x=y\0A,O=\ a\"b\+c\;d\<e\>f\\g\ `,
      '#x=y\n',
    ],
    ['what is not ASCII', 'Küche 🏠', String.raw`CN=K\C3\BCche \F0\9F\8F\A0`, 'Küche 🏠'],
    [
      'several attributes in one part',
      [
        [
          ['CN', 'a + b'],
          ['OU', 'c'],
        ],
      ],
      String.raw`OU=c+CN=a \+ b`,
      'a + b',
    ],
    [
      'the first of several common names',
      [
        ['CN', 'first'],
        ['CN', 'second'],
      ],
      'CN=second,CN=first',
      'first',
    ],
    ['a name without CN', [['O', 'only']], 'O=only', undefined],
    ['no name at all', [], '', undefined],
    ['an attribute that nobody knows', [['1.2.9', 'x']], '1.2.9=#0C0178', undefined],
  ])('of %s', async (_what, name, subject, commonName) => {
    const setup = await start(required);
    await enter(setup, authority.issue(name));
    expect(setup.certificates[0]?.subject).toBe(subject);
    expect(setup.certificates[0]?.commonName).toBe(commonName);
  });

  it('is the rest of it too', async () => {
    const setup = await start(required);
    const before = Date.now();
    await enter(setup, device);
    const [certificate] = setup.certificates;
    expect(certificate).toMatchObject({
      issuer: 'CN=Hearth test authority',
      serialNumber: device.serial.toString('hex').toUpperCase(),
      fingerprint256: expect.stringMatching(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/) as string,
    });
    const days = (Number(certificate?.validTo) - before) / 86_400_000;
    expect(days).toBeGreaterThan(29);
    expect(days).toBeLessThan(31);
  });
});

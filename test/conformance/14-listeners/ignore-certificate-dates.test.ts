// ignoreCertificateDates forgives dates and nothing else: OpenSSL's "expired" hides whatever else is wrong.
import type { TlsOptions } from '@hearth/mqtt-broker';
import { type Issued, type LeafOptions, TestAuthority } from '../../support/test-authority.js';
import { startServer } from '../support/server.js';
import { authority, openTls, overTls, portOf } from '../support/tls.js';

const expired = { fromDays: -3, toDays: -1 };
const tomorrow = { fromDays: 1, toDays: 3 };

/** Connects and answers undefined when let in, or why not. */
async function outcome(certificate: Issued, tls: Partial<TlsOptions> = {}) {
  const server = await startServer({
    listeners: [
      overTls({
        requestCertificate: 'required',
        ca: authority.ca,
        ignoreCertificateDates: true,
        ...tls,
      }),
    ],
  });
  const first = Promise.race([server.next('refused'), server.next('connected')]);
  const { cert, key } = certificate;
  const client = await openTls(portOf(server, 'tls'), { cert, key, version: 4 });
  client.send(Buffer.from('100d00044d5154540402003c000161', 'hex'));
  const event = await first;
  if ('cause' in event) {
    await client.expectClosed();
    return event.cause;
  }
  await client.expect('connack');
  return undefined;
}

const leaf = (options: LeafOptions = expired, of = authority): Issued =>
  of.issue('device', options);

describe.each(['optional', 'required'] as const)('ignoreCertificateDates, %s', (mode) => {
  const asking = { requestCertificate: mode };

  it.each<[string, Issued, Partial<TlsOptions>?]>([
    ['that has expired', leaf()],
    ['that is not valid yet', leaf(tomorrow)],
    ['that is valid', leaf({})],
    ['for clients', leaf({ ...expired, usage: 'client' })],
    ['that is not revoked', leaf(), { crl: authority.revoke([leaf()]) }],
  ])('lets a certificate in %s', async (_what, certificate, tls = {}) => {
    expect(await outcome(certificate, { ...asking, ...tls })).toBeUndefined();
  });

  it('lets one in below an expired authority, when all are configured', async () => {
    const root = new TestAuthority('Root', undefined, expired);
    const middle = new TestAuthority('Middle', root, expired);
    const ca = root.ca + middle.ca;
    expect(await outcome(leaf(expired, middle), { ...asking, ca })).toBeUndefined();
    const crl = [root.revoke([]), middle.revoke([])];
    expect(await outcome(leaf(expired, middle), { ...asking, ca, crl })).toBeUndefined();
  });

  const stranger = new TestAuthority('Stranger', undefined, expired);
  const twin = new TestAuthority('Hearth test authority', undefined, expired);
  const middle = new TestAuthority('Middle', authority);
  const revoked = leaf();
  const dates = 'the client certificate has expired';

  it.each<[string, Issued, Partial<TlsOptions>?]>([
    ['of another authority that is sent along', chained(leaf(expired, stranger), stranger)],
    ['of another authority with the same name', chained(leaf(expired, twin), twin)],
    ['signed by itself', stranger.asLeaf()],
    ['for servers', leaf({ ...expired, usage: 'server' })],
    ['whose key must not sign', leaf({ ...expired, onlyEnciphers: true })],
    ['with a demand that nobody knows', leaf({ ...expired, unheardOf: true })],
    ['that is revoked', revoked, { crl: authority.revoke([revoked]) }],
    [
      'that one of two lists revokes',
      revoked,
      { crl: authority.revoke([leaf()]) + authority.revoke([revoked]) },
    ],
    [
      'whose authority has no list',
      leaf(),
      { ca: [authority.ca, stranger.ca], crl: stranger.revoke([]) },
    ],
    ['whose list another one of the same name signed', leaf(), { crl: twin.revoke([]) }],
    ['below an authority that is not configured', chained(leaf(expired, middle), middle)],
    ['below an authority whose root is not configured', leaf(expired, middle), { ca: middle.ca }],
    [
      'below an authority that is revoked',
      leaf(expired, middle),
      {
        ca: [authority.ca, middle.ca],
        crl: [authority.revoke([middle]), middle.revoke([])],
      },
    ],
  ])('turns one away %s', async (_what, certificate, tls = {}) => {
    expect(await outcome(certificate, { ...asking, ...tls })).toEqual(expect.any(String));
  });

  it('is what was missing without it', async () => {
    expect(await outcome(leaf(), { ...asking, ignoreCertificateDates: false })).toBe(dates);
  });
});

describe('ignoreCertificateDates, required,', () => {
  it('still wants a certificate', async () => {
    const tls = {
      requestCertificate: 'required',
      ca: authority.ca,
      ignoreCertificateDates: true,
    } as const;
    const server = await startServer({ listeners: [overTls(tls)] });
    const refused = server.next('refused');
    const client = await openTls(portOf(server, 'tls'));
    expect(await refused).toMatchObject({ cause: 'the client has no certificate' });
    await client.expectClosed();
  });
});

function chained(issued: Issued, above: TestAuthority): Issued {
  return { ...issued, cert: issued.cert + above.ca };
}

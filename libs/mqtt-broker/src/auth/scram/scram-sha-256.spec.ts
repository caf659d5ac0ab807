import type { AuthAnswer, AuthContext } from '../enhanced-authenticator.js';
import type { Principal } from '../principal.js';
import { saslprep } from './saslprep.js';
import { scramCredentials } from './scram-credentials.js';
import { scramSha256, type ScramOptions } from './scram-sha-256.js';

const principal: Principal = { id: 'user', canPublish: () => true, canSubscribe: () => true };
const context: AuthContext = {
  clientId: 'c',
  address: '192.0.2.1',
  transport: 'tcp',
  protocolVersion: 5,
};

// RFC 7677 section 3.
const clientNonce = 'rOprNGfwEbeRWgbNEkqO';
const serverNonce = '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
const both = clientNonce + serverNonce;
const proof = 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=';
const clientFinal = `c=biws,r=${both},p=${proof}`;

const user = {
  credentials: await scramCredentials('pencil', {
    iterations: 4096,
    salt: Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64'),
  }),
  principal,
};

function begin(options: Partial<ScramOptions> = {}) {
  const sut = scramSha256({
    find: (name) => (name === 'user' ? user : undefined),
    nonce: () => serverNonce,
    ...options,
  }).begin(context);
  return async (text?: string): Promise<string> => {
    const answer = await sut.next(text === undefined ? undefined : Buffer.from(text));
    return inWords(answer);
  };
}

function inWords(answer: AuthAnswer): string {
  if ('refused' in answer) return `${answer.reasonCode.toString(16)} ${answer.reason}`;
  return `${answer.kind} ${Buffer.from(answer.data ?? []).toString()}`.trim();
}

describe(scramSha256.name, () => {
  it('speaks as in the example of RFC 7677', async () => {
    const say = begin();
    expect(await say(`n,,n=user,r=${clientNonce}`)).toBe(
      `continue r=${both},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`,
    );
    expect(await say(clientFinal)).toBe('success v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
  });

  it('asks once for the first message of a client that brought none', async () => {
    const say = begin();
    expect(await say()).toBe('continue');
    expect(await say(`n,,n=user,r=${clientNonce}`)).toMatch(/^continue r=/);
    expect(await say(clientFinal)).toMatch(/^success/);
    const again = begin();
    await again();
    expect(await again()).toBe('87 e=invalid-encoding');
  });

  it.each([
    ['a wrong proof', `c=biws,r=${both},p=${proof.replace('d', 'e')}`, 'invalid-proof'],
    ['a short proof', `c=biws,r=${both},p=AAAA`, 'invalid-proof'],
    ['an empty proof', `c=biws,r=${both},p=`, 'invalid-proof'],
    ['a proof that is no base64', `c=biws,r=${both},p=${proof}=`, 'invalid-encoding'],
    ['no proof', `c=biws,r=${both}`, 'invalid-encoding'],
    ['the nonce of the client alone', `c=biws,r=${clientNonce},p=${proof}`, 'invalid-proof'],
    ['another GS2 header', `c=eSws,r=${both},p=${proof}`, 'channel-bindings-dont-match'],
    ['no channel binding', `r=${both},p=${proof}`, 'invalid-encoding'],
    ['nothing', '', 'invalid-encoding'],
    [
      'a message beyond any size',
      `c=biws,r=${both},x=${'x'.repeat(3000)},p=${proof}`,
      'invalid-encoding',
    ],
  ])('refuses %s', async (_what, final, error) => {
    const say = begin();
    await say(`n,,n=user,r=${clientNonce}`);
    expect(await say(final)).toBe(`87 e=${error}`);
  });

  it.each([
    ['channel binding', 'p=tls-unique,,n=user,r=abc', 'channel-binding-not-supported'],
    ['an unknown flag', 'x,,n=user,r=abc', 'invalid-encoding'],
    ['a mandatory extension', 'n,,m=x,n=user,r=abc', 'extensions-not-supported'],
    ['to act for another', 'n,a=root,n=user,r=abc', 'other-error'],
    ['an empty name', 'n,,n=,r=abc', 'invalid-username-encoding'],
    ['a name with a bare equals sign', 'n,,n=a=b,r=abc', 'invalid-username-encoding'],
    ['a name with a control character', 'n,,n=a\u0007,r=abc', 'invalid-username-encoding'],
    ['an empty nonce', 'n,,n=user,r=', 'invalid-encoding'],
    ['a nonce with a space', 'n,,n=user,r=a b', 'invalid-encoding'],
    ['a nonce beyond any size', `n,,n=user,r=${'a'.repeat(513)}`, 'invalid-encoding'],
    ['no nonce', 'n,,n=user', 'invalid-encoding'],
    ['something else', 'GET / HTTP/1.1', 'invalid-encoding'],
  ])('refuses a first message with %s', async (_what, first, error) => {
    expect(await begin()(first)).toBe(`87 e=${error}`);
  });

  it('refuses a first message that is not UTF-8', async () => {
    const sut = scramSha256({ find: () => user }).begin(context);
    const answer = await sut.next(Buffer.from([0x6e, 0x2c, 0x2c, 0x6e, 0x3d, 0xff]));
    expect(inWords(answer)).toBe('87 e=invalid-encoding');
  });

  it('lets a client say y, and wants the same said again with the proof', async () => {
    const say = begin();
    expect(await say(`y,,n=user,r=${clientNonce}`)).toMatch(/^continue/);
    expect(await say(`c=biws,r=${both},p=${proof}`)).toBe('87 e=channel-bindings-dont-match');
  });

  it('decodes and prepares the name before it is looked up', async () => {
    const names: string[] = [];
    const say = begin({ find: (name) => void names.push(name) });
    await say('n,,n=a=2Cb=3Dc,r=abc');
    expect(names).toEqual(['a,b=c']);
    const wide = begin({ find: (name) => void names.push(name) });
    await wide('n,,n=\uff55\u00adser,r=abc');
    expect(names[1]).toBe('user');
  });

  it('challenges an unknown user like a known one, with a salt that stays, and refuses it alike', async () => {
    const options: ScramOptions = { find: () => undefined, nonce: () => serverNonce };
    const sut = scramSha256(options);
    const ask = async (name: string): Promise<string> =>
      inWords(await sut.begin(context).next(Buffer.from(`n,,n=${name},r=${clientNonce}`)));
    const first = await ask('nobody');
    expect(first).toMatch(/^continue r=[^,]+,s=[A-Za-z0-9+/]{22}==,i=4096$/);
    expect(await ask('nobody')).toBe(first);
    expect(await ask('noone')).not.toBe(first);
    const other = scramSha256(options).begin(context);
    const elsewhere = await other.next(Buffer.from(`n,,n=nobody,r=${clientNonce}`));
    expect(inWords(elsewhere)).not.toBe(first);
    expect(inWords(await other.next(Buffer.from(clientFinal)))).toBe('87 e=invalid-proof');
  });

  it('never makes the same server nonce twice', async () => {
    const sut = scramSha256({ find: () => user });
    const ask = async (): Promise<string> =>
      inWords(await sut.begin(context).next(Buffer.from('n,,n=user,r=abc')));
    expect(await ask()).not.toBe(await ask());
  });
});

describe(scramCredentials.name, () => {
  it('takes another salt each time', async () => {
    const [one, two] = [await scramCredentials('pencil'), await scramCredentials('pencil')];
    expect(one.salt).not.toEqual(two.salt);
    expect(one.storedKey).not.toEqual(two.storedKey);
    expect(one.iterations).toBe(4096);
  });

  it.each([0, 4095, 4096.5, Number.NaN])('refuses %d iterations', async (iterations) => {
    await expect(scramCredentials('pencil', { iterations })).rejects.toThrow('4096 or more');
  });

  it.each(['', '\u00ad', 'a\u0000'])('refuses the password %j', async (password) => {
    await expect(scramCredentials(password)).rejects.toThrow('password');
  });
});

// RFC 4013 section 3, as far as it is done here.
describe(saslprep.name, () => {
  it.each([
    ['I\u00adX', 'IX'],
    ['user', 'user'],
    ['USER', 'USER'],
    ['\u00aa', 'a'],
    ['\u2168', 'IX'],
    ['a\u00a0b', 'a b'],
    ['\u0007', undefined],
    ['\ue000', undefined],
    ['\ud800', undefined],
    ['\u{e0041}', undefined],
  ])('makes %j into %j', (text, prepared) => {
    expect(saslprep(text)).toBe(prepared);
  });
});

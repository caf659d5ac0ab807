import type { DeviceId, HomeId } from '@hearth/contracts';
import { ReasonCode, type Credentials, type Principal } from '@hearth/mqtt-broker';
import { Directory, type RegisteredDevice } from '../directory/directory.js';
import { DeviceAuthenticator, type SecretVerifier } from './device-authenticator.js';

const kitchen: RegisteredDevice = {
  type: 'device',
  id: 'kitchen' as DeviceId,
  homeId: 'home' as HomeId,
  name: 'Kitchen',
  kind: 'sensor',
  simulated: false,
  secretHash: 'hash of right',
  info: undefined,
};

const WRONG = { refused: true, reasonCode: ReasonCode.badUserNameOrPassword };

function aWorld(verifier?: SecretVerifier) {
  const directory = new Directory();
  directory.putDevice(kitchen);
  const verified: (string | undefined)[] = [];
  const clock = { ms: 0, now: () => clock.ms };
  const honest: SecretVerifier = {
    verify: async (secretHash, secret) => {
      verified.push(secretHash);
      return secretHash === `hash of ${Buffer.from(secret).toString()}`;
    },
  };
  const sut = new DeviceAuthenticator(directory, verifier ?? honest, clock);
  const connect = (username: string | undefined, password: string, address = '10.0.0.9') => {
    const credentials: Credentials = {
      clientId: 'any',
      password: Buffer.from(password),
      address,
      transport: 'tcp',
      protocolVersion: 4,
    };
    if (username !== undefined) credentials.username = username;
    return sut.authenticate(credentials);
  };
  return { sut, directory, clock, connect, verified };
}

describe('DeviceAuthenticator', () => {
  it('lets a device in with its secret, as itself', async () => {
    const { connect } = aWorld();
    expect(await connect('kitchen', 'right')).toMatchObject({ id: 'kitchen' });
  });

  it('answers a wrong secret, an unknown user and no user alike, after the same work', async () => {
    const { connect, verified } = aWorld();
    expect(await connect('kitchen', 'wrong')).toEqual(WRONG);
    expect(await connect('stranger', 'wrong')).toEqual(WRONG);
    expect(await connect('__proto__', 'wrong')).toEqual(WRONG);
    expect(await connect(undefined, '')).toEqual(WRONG);
    expect(await connect('x'.repeat(10_000), 'wrong')).toEqual(WRONG);
    expect(verified).toEqual(['hash of right', undefined, undefined, undefined, undefined]);
  });

  it('computes no second hash when a device comes back with the same secret', async () => {
    const { connect, verified } = aWorld();
    await connect('kitchen', 'right');
    expect(await connect('kitchen', 'right')).toMatchObject({ id: 'kitchen' });
    expect(verified).toHaveLength(1);
    expect(await connect('kitchen', 'wrong')).toEqual(WRONG);
    expect(verified).toHaveLength(2);
  });

  it('computes the hash again when the principal was forgotten', async () => {
    const { sut, connect, verified } = aWorld();
    await connect('kitchen', 'right');
    sut.forget('kitchen');
    await connect('kitchen', 'right');
    expect(verified).toHaveLength(2);
  });

  it('refuses the old secret as soon as the directory has another', async () => {
    const { connect, directory } = aWorld();
    await connect('kitchen', 'right');
    directory.putDevice({ ...kitchen, secretHash: 'hash of new' });
    expect(await connect('kitchen', 'right')).toEqual(WRONG);
    expect(await connect('kitchen', 'new')).toMatchObject({ id: 'kitchen' });
  });

  it('refuses a secret that was rotated while its hash was computed', async () => {
    const world = aWorld({
      verify: async () => {
        world.directory.putDevice({ ...kitchen, secretHash: 'hash of new' });
        return true;
      },
    });
    expect(await world.connect('kitchen', 'right')).toEqual(WRONG);
  });

  it('says whether the credentials of a connection still count', async () => {
    const { sut, connect, directory } = aWorld();
    const principal = (await connect('kitchen', 'right')) as Principal;
    expect(sut.isCurrent(principal)).toBe(true);
    directory.putDevice({ ...kitchen, secretHash: 'hash of new' });
    expect(sut.isCurrent(principal)).toBe(false);
    directory.removeDevice('kitchen');
    expect(sut.isCurrent(principal)).toBe(false);
  });

  it('stops looking at guesses of one user from one address, and starts again later', async () => {
    const { connect, clock, verified } = aWorld();
    for (let guess = 0; guess < 100; guess++) await connect('kitchen', `guess ${guess}`);
    expect(verified).toHaveLength(10);
    expect(await connect('kitchen', 'right')).toMatchObject({
      reasonCode: ReasonCode.connectionRateExceeded,
    });
    clock.ms += 6_000;
    expect(await connect('kitchen', 'right')).toMatchObject({ id: 'kitchen' });
  });

  it('stops looking at guesses of many users from one address', async () => {
    const { connect, verified } = aWorld();
    for (let guess = 0; guess < 500; guess++) await connect(`user-${guess}`, 'guess');
    expect(verified).toHaveLength(100);
    expect(await connect('kitchen', 'right', '10.0.0.10')).toMatchObject({ id: 'kitchen' });
  });

  it('lets a device that proved itself before in, whoever else fails at its address', async () => {
    const { connect } = aWorld();
    await connect('kitchen', 'right');
    for (let guess = 0; guess < 500; guess++) await connect(`user-${guess}`, 'guess');
    expect(await connect('kitchen', 'right')).toMatchObject({ id: 'kitchen' });
  });

  it('rejects when the verifier fails, and lets nobody in', async () => {
    const { connect } = aWorld({ verify: () => Promise.reject(new Error('no memory')) });
    await expect(connect('kitchen', 'right')).rejects.toThrow('no memory');
  });
});

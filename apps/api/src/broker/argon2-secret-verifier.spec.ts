import { hash } from '@node-rs/argon2';
import { Argon2SecretVerifier } from './argon2-secret-verifier.js';

describe('Argon2SecretVerifier', () => {
  it('knows the right secret, and nobody without a hash', async () => {
    const sut = new Argon2SecretVerifier();
    const secretHash = await hash('right');
    expect(await sut.verify(secretHash, Buffer.from('right'))).toBe(true);
    expect(await sut.verify(secretHash, Buffer.from('wrong'))).toBe(false);
    expect(await sut.verify(undefined, Buffer.from('right'))).toBe(false);
  });
});

import { hashSecret } from '../common/secret-hash.js';
import { Argon2SecretVerifier } from './argon2-secret-verifier.js';

describe('Argon2SecretVerifier', () => {
  it('knows the right secret, and nobody without a hash', async () => {
    const sut = new Argon2SecretVerifier();
    const secretHash = await hashSecret('right');
    expect(await sut.verify(secretHash, Buffer.from('right'))).toBe(true);
    expect(await sut.verify(secretHash, Buffer.from('wrong'))).toBe(false);
    expect(await sut.verify(undefined, Buffer.from('right'))).toBe(false);
  });
});

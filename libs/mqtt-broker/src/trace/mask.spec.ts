import { auth, connect, packet } from '@hearth/testkit';
import { maskSecrets } from './mask.js';

const SECRET = 'TopSecret';

function masked(bytes: Buffer): string {
  const copy = Buffer.from(bytes);
  maskSecrets(copy);
  expect(copy).toHaveLength(bytes.length);
  return copy.toString('latin1');
}

const full = {
  clientId: 'c',
  username: 'Alice',
  password: SECRET,
  will: {
    topic: 'Gone',
    payload: 'bye',
    properties: { willDelayInterval: 5, contentType: 'Text' },
  },
  properties: {
    receiveMaximum: 9,
    authenticationMethod: 'Method',
    authenticationData: SECRET,
    userProperties: [['Name', 'Value']] as const,
  },
};

describe(maskSecrets.name, () => {
  it.each([3, 4, 5] as const)(
    'covers the password of a CONNECT, and nothing else (version %d)',
    (version) => {
      const text = masked(connect({ ...full, version }));
      expect(text).not.toContain(SECRET);
      const shown = ['Alice', 'Gone', 'bye'];
      if (version === 5) shown.push('Method', 'Name', 'Value', 'Text');
      for (const one of shown) expect(text).toContain(one);
    },
  );

  it('covers the authentication data of AUTH and CONNACK', () => {
    const properties = { authenticationMethod: 'Method', authenticationData: SECRET };
    expect(masked(auth(0x18, properties))).toContain('Method');
    expect(masked(auth(0x18, properties))).not.toContain(SECRET);
    const authBody = auth(0x18, properties).subarray(3);
    const connack = masked(packet(0x20, 0, 0, authBody));
    expect(connack).toContain('Method');
    expect(connack).not.toContain(SECRET);
  });

  it('leaves a password nowhere, wherever a CONNECT is cut or spoiled', () => {
    const whole = connect(full);
    const at = whole.indexOf(SECRET);
    const lastAt = whole.lastIndexOf(SECRET);
    for (let end = 0; end <= whole.length; end++) {
      const text = masked(whole.subarray(0, end));
      expect(text.slice(at, at + SECRET.length)).not.toMatch(/[A-Za-z]/);
      expect(text.slice(lastAt)).not.toMatch(/[A-Za-z]/);
    }
    // A byte spoiled before the password shifts what is understood, and covers rather too much.
    for (let i = 2; i < lastAt - 2; i++) {
      const spoiled = Buffer.from(whole);
      spoiled[i] = 0xff;
      expect(masked(spoiled).slice(lastAt)).not.toContain(SECRET);
    }
  });

  it('does not take a password for the payload of a will that is not there', () => {
    const bytes = connect({ version: 4, clientId: 'c', username: 'Alice', password: SECRET });
    bytes[9] = (bytes[9] ?? 0) | 0x04;
    expect(masked(bytes)).not.toContain(SECRET);
  });

  it('leaves other packets as they are', () => {
    for (const bytes of [
      packet(0x30, Buffer.from('\0\u0001a')),
      Buffer.from('GET / HTTP/1.1'),
      Buffer.alloc(0),
    ]) {
      expect(masked(bytes)).toBe(bytes.toString('latin1'));
    }
  });
});

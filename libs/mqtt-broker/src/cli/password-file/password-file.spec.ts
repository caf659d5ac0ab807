import { pbkdf2Sync } from 'node:crypto';
import { parsePasswordFile, type Users } from './password-file.js';
import { PasswordVerifier } from './verify-password.js';

// Made by mosquitto_passwd 2.0: alice "wonder", bob "p w", carl "x" (-H sha512), dora "y" (-I 5).
const made = `# people
alice:$7$101$w6M7qRlY2RGM6Abx$lJbrkJKKbEsIFrvSKbDpKT4DLsosQ9BBDmao85hyBfdTREj+LlDpC227ko5QOhQh9/PYhdoxXH6C4L2ClNvRLg==
bob:$7$101$4z/Gxrmataw17nj/$+i5OoCSjROSJImQ/dVFLyGoZVISUkUdsUqDq7Mz0cHJuJDwqA3X2aL5JC7RhGfWrC33vtqeG7oSkHvLdYcjtuA==

carl:$6$fJoBjPa7TcHOXyW4$pXZcdp2vpQDBFsu3TpbIAItQbVPgP3e4urUWS8vm2jZaKMPPzwBLSHo3+371fxTbfb+j7vU8fUu8Yod475Fx9Q==\r
dora:$7$5$X7LHsBD2FSwH0QRt$z1ajCn4X5E0+jk31BiwJF/FHIHyaOytupFuZAc4ZoiN2+0SS32u0a+NIpeSdoVr5wrMqBtlq7dSucV+W6sv8rg==
`;
const salt = 'fJoBjPa7TcHOXyW4';
const hash = Buffer.alloc(64, 1).toString('base64');

async function verify(users: Users, user: string, password: string): Promise<boolean> {
  return new PasswordVerifier().verify(users, user, Buffer.from(password));
}

describe(parsePasswordFile, () => {
  it.each([
    ['alice', 'wonder'],
    ['bob', 'p w'],
    ['carl', 'x'],
    ['dora', 'y'],
  ])('reads what mosquitto_passwd wrote for %s', async (user, password) => {
    const users = parsePasswordFile('pw', made);
    expect(await verify(users, user, password)).toBe(true);
    expect(await verify(users, user, `${password} `)).toBe(false);
    expect(await verify(users, user, '')).toBe(false);
    expect(await verify(users, `${user} `, password)).toBe(false);
  });

  it.each([
    ['erik', 'no ":" between user and hash'],
    [`:$6$${salt}$${hash}`, 'names no user'],
    ['erik:secret', 'the password is not hashed'],
    ['erik:', 'the password is not hashed'],
    [`erik:$6$${salt}$${hash}:x`, 'more than one ":"'],
    [`erik:$5$${salt}$${hash}`, 'the hash is neither $6$salt$hash nor'],
    [`erik:$6$7$${salt}$${hash}`, 'the hash is neither $6$salt$hash nor'],
    [`erik:$7$${salt}$${hash}`, 'the hash is neither $6$salt$hash nor'],
    [`erik:$7$0$${salt}$${hash}`, 'iterations must be 1 to 10000000'],
    [`erik:$7$99999999999$${salt}$${hash}`, 'iterations must be 1 to 10000000'],
    [`erik:$6$?$${hash}`, 'the salt is not base64'],
    [`erik:$6$$${hash}`, 'the salt is not base64'],
    [`erik:$6$${salt}$${hash.slice(4)}`, 'the hash is not 64 bytes in base64'],
    [`erik:$6$${salt}$${hash}x`, 'the hash is not 64 bytes in base64'],
    ['erik:$argon2id$v=19$m=12288,t=3,p=1$c2FsdA$aGFzaA', 'argon2id hashes are not supported'],
    [`alice:$6$${salt}$${hash}`, 'user "alice" is there twice'],
  ])('stops at "%s"', (line, why) => {
    expect(() => parsePasswordFile('pw', `${made}${line}\n`)).toThrow(`pw:7: ${why}`);
  });

  it('takes names of Object for users like others', async () => {
    const users = parsePasswordFile('pw', made);
    for (const user of ['__proto__', 'constructor']) {
      expect(await verify(users, user, 'x')).toBe(false);
    }
  });
});

describe(PasswordVerifier, () => {
  it('works as long for a user who does not exist', async () => {
    const slow = `slow:$7$200000$${salt}$${hash}`;
    const users = parsePasswordFile('pw', slow);
    const timeOf = async (user: string): Promise<number> => {
      const start = performance.now();
      await verify(users, user, 'x');
      return performance.now() - start;
    };
    const known = await timeOf('slow');
    expect(await timeOf('nobody')).toBeGreaterThan(known / 10);
    expect(await verify(new Map(), 'nobody', 'x')).toBe(false);
  });

  it('derives a right password once, until the file is read again, and a wrong one each time', async () => {
    const derived = pbkdf2Sync('right', Buffer.from(salt, 'base64'), 200_000, 64, 'sha512');
    const read = (): Users =>
      parsePasswordFile('pw', `slow:$7$200000$${salt}$${derived.toString('base64')}`);
    const sut = new PasswordVerifier();
    const ask = async (users: Users, user: string, password: string) => {
      const start = performance.now();
      const bytes = Buffer.from(password);
      const answer = sut.remembers(users, user, bytes) || (await sut.verify(users, user, bytes));
      return { answer, ms: performance.now() - start };
    };
    const users = read();
    const first = await ask(users, 'slow', 'right');
    const again = await ask(users, 'slow', 'right');
    expect([first.answer, again.answer]).toEqual([true, true]);
    expect(again.ms).toBeLessThan(first.ms / 10);
    for (const [whose, user, password] of [
      [users, 'slow', 'wrong'],
      [users, 'nobody', 'right'],
      [read(), 'slow', 'right'],
    ] as const) {
      const { answer, ms } = await ask(whose, user, password);
      expect(answer).toBe(whose !== users);
      expect(ms).toBeGreaterThan(first.ms / 10);
    }
  });

  it('checks a few at a time, leaves nobody waiting and lets no failure take a place', async () => {
    const sut = new PasswordVerifier();
    const users = parsePasswordFile('pw', made);
    const broken = new Map([['broken', { ...users.get('alice')!, iterations: -1 }]]);
    const failures = Array.from({ length: 5 }, () => sut.verify(broken, 'broken', Buffer.from('')));
    await Promise.all(failures.map((one) => expect(one).rejects.toThrow('iterations')));
    const answers = Array.from({ length: 50 }, (_, i) =>
      sut.verify(users, 'alice', Buffer.from(i % 2 === 0 ? 'wonder' : 'no')),
    );
    expect(await Promise.all(answers)).toEqual(answers.map((_, i) => i % 2 === 0));
  });

  it('refuses when ten thousand wait', async () => {
    const sut = new PasswordVerifier();
    const users = parsePasswordFile('pw', `carl:$6$${salt}$${hash}`);
    const ask = (): Promise<boolean> => sut.verify(users, 'carl', Buffer.from('x'));
    const asked = Array.from({ length: 10_004 }, () => ask().catch((error: Error) => error.name));
    const answers = await Promise.all(asked);
    expect(answers.filter((one) => one === 'TooManyLogins')).toHaveLength(1);
    expect(answers.filter((one) => one === false)).toHaveLength(10_003);
  });
});

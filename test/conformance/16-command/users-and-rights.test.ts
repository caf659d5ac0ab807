// Users and rights as Mosquitto's files say them, judged with Mosquitto's own tools.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect, connectRaw, needsTool, openRaw } from '@hearth/testkit';
import { freePort, startWithConf, writeIn } from '../support/command.js';

const passwd = needsTool('mosquitto_passwd');
const pub = needsTool('mosquitto_pub');
const sub = needsTool('mosquitto_sub');
const run = promisify(execFile);

/** Lines of a password file. */
async function users(folder: string, ...namesAndPasswords: [string, string, ...string[]][]) {
  const path = join(folder, 'pw');
  for (const [index, [name, password, ...flags]] of namesAndPasswords.entries()) {
    const create = index === 0 ? ['-c'] : [];
    await run(passwd.path, [...flags, ...create, '-b', path, name, password]);
  }
}

const conf = (port: number, more = ''): string =>
  `listener ${port} 127.0.0.1\npassword_file pw\n${more}`;

const someone =
  'x:$6$fJoBjPa7TcHOXyW4$pXZcdp2vpQDBFsu3TpbIAItQbVPgP3e4urUWS8vm2jZaKMPPzwBLSHo3+371fxTbfb+j7vU8fUu8Yod475Fx9Q==\n';

passwd.describe('mosquitto_passwd', () => {
  it('makes files that let the right people in, of all its kinds', async () => {
    const port = await freePort();
    const { command, folder } = await startWithConf(conf(port), { pw: someone });
    await users(
      folder,
      ['alice', 'wonder'],
      ['bob', 'p w', '-H', 'sha512'],
      ['carl', 'x', '-I', '9'],
    );
    command.signal('SIGHUP');
    await command.printed(/reloaded/);
    for (const version of [3, 4, 5] as const) {
      for (const [username, password] of [
        ['alice', 'wonder'],
        ['bob', 'p w'],
        ['carl', 'x'],
      ] as const) {
        const inside = await connectRaw(
          { port },
          { version, username, password, clientId: `${username} ${version}` },
        );
        await inside.roundTrip();
        for (const wrong of [
          { username, password: 'no' },
          { username },
          { username: 'eve', password },
        ]) {
          const client = await openRaw({ port }, { version });
          client.send(connect({ ...wrong, version, clientId: 'x' }));
          await client.expect('connack', version === 5 ? { reasonCode: 0x87 } : { returnCode: 5 });
          await client.expectClosed();
        }
      }
    }
    const nobody = await openRaw({ port }, { version: 5 });
    nobody.send(connect({ version: 5 }));
    await nobody.expect('connack', { reasonCode: 0x87 });
    await nobody.expectClosed();
  });

  it('writes a file that SIGHUP takes: who is gone or has another password is out', async () => {
    const port = await freePort();
    const { command, folder } = await startWithConf(conf(port), { pw: someone });
    await users(folder, ['alice', 'a'], ['bob', 'b'], ['carl', 'c']);
    command.signal('SIGHUP');
    await command.printed(/reloaded/);
    const [alice, bob, carl] = await Promise.all(
      ['alice', 'bob', 'carl'].map((name) =>
        connectRaw({ port }, { version: 5, username: name, password: name[0]!, clientId: name }),
      ),
    );
    const path = join(folder, 'pw');
    await run(passwd.path, ['-D', path, 'alice']);
    await run(passwd.path, ['-b', path, 'bob', 'new']);
    command.signal('SIGHUP');
    await command.printed(/reloaded; 2 users are no longer who they were/);
    await alice?.expectDisconnected(0x98);
    await bob?.expectDisconnected(0x98);
    await carl?.expectNothing();
    await connectRaw({ port }, { version: 5, username: 'bob', password: 'new', clientId: 'bob' });
  });
});

it('keeps everything when one file is broken', async () => {
  const port = await freePort();
  const files = { pw: someone, acl: 'user x\ntopic a\n' };
  const { command, folder } = await startWithConf(conf(port, 'acl_file acl'), files);
  const client = await connectRaw({ port }, { version: 5, username: 'x', password: 'x' });
  await writeIn(folder, 'pw', 'y:secret\n');
  await writeIn(folder, 'acl', 'user x\ntopic b\n');
  command.signal('SIGHUP');
  await command.printed(/reload: everything stays as it was: pw:1: the password is not hashed/);
  await client.subscribe('#');
  client.sendPublish({ topic: 'b', payload: 'not allowed' });
  client.sendPublish({ topic: 'a', payload: 'still allowed' });
  await client.expect('publish', { topic: 'a' });
  await client.expectNothing();
});

it('gives connected clients the new rights at once', async () => {
  const port = await freePort();
  const acl = 'topic news\ntopic write box\npattern readwrite own/%c\n';
  const conf = `listener ${port} 127.0.0.1\nallow_anonymous true\nacl_file acl\n`;
  const { command, folder } = await startWithConf(conf, { acl });
  const client = await connectRaw({ port }, { version: 5, clientId: 'c1' });
  expect((await client.subscribe('#')).granted).toEqual([0]);
  const say = (...topics: string[]): void => {
    for (const topic of topics) client.sendPublish({ topic, payload: 'x' });
  };
  say('news', 'box', 'own/c1', 'own/c2', 'other');
  await client.expect('publish', { topic: 'news' });
  await client.expect('publish', { topic: 'own/c1' });
  await client.expectNothing();
  await writeIn(folder, 'acl', 'topic other\ntopic read box\n');
  command.signal('SIGHUP');
  await command.printed(/reloaded/);
  say('news', 'box', 'own/c1', 'other');
  await client.expect('publish', { topic: 'other' });
  await client.expectNothing();
});

sub.describe('mosquitto_sub and mosquitto_pub', () => {
  it('see what the ACL gives their users', async () => {
    const port = await freePort();
    const acl = 'user x\ntopic read in/#\ntopic deny in/secret\nuser y\ntopic write in/+\n';
    const files = { pw: `${someone}${someone.replace('x', 'y')}`, acl };
    const { command } = await startWithConf(conf(port, 'acl_file acl\nlog_type all'), files);
    const as = (user: string): string[] => ['-p', String(port), '-u', user, '-P', 'x'];
    const heard = run(sub.path, [...as('x'), '-t', '#', '-C', '2', '-W', '8', '-F', '%t %p']);
    await command.printed(/subscribed/);
    for (const what of ['y in/secret', 'y in/1', 'x in/2', 'y out', 'y in/3']) {
      const [user = '', topic = ''] = what.split(' ');
      await run(pub.path, [...as(user), '-t', topic, '-m', user, '-q', '1']);
    }
    expect((await heard).stdout).toBe('in/1 y\nin/3 y\n');
  });
});

it('keeps users and rights of two listeners apart', async () => {
  const [inside, outside] = [await freePort(), await freePort()];
  const acl = 'topic a\n';
  await startWithConf(
    `per_listener_settings true
listener ${inside} 127.0.0.1
allow_anonymous true
acl_file acl
listener ${outside} 127.0.0.1
password_file pw
`,
    { pw: someone, acl },
  );
  const guest = await connectRaw({ port: inside }, { version: 5, clientId: 'g' });
  const user = await connectRaw({ port: outside }, { version: 5, username: 'x', password: 'x' });
  await guest.subscribe('#');
  for (const topic of ['a', 'b']) user.sendPublish({ topic, payload: 'x' });
  await guest.expect('publish', { topic: 'a' });
  await guest.expectNothing();
  const stranger = await openRaw({ port: outside }, { version: 5 });
  stranger.send(connect({ version: 5, clientId: 's' }));
  await stranger.expect('connack', { reasonCode: 0x87 });
  await stranger.expectClosed();
});

it('lets listener_allow_anonymous go before allow_anonymous', async () => {
  const [open, closed] = [await freePort(), await freePort()];
  await startWithConf(
    `allow_anonymous true
listener ${open} 127.0.0.1
listener ${closed} 127.0.0.1
listener_allow_anonymous false
`,
  );
  await connectRaw({ port: open }, { version: 4, clientId: 'a' });
  const client = await openRaw({ port: closed }, { version: 4 });
  client.send(connect({ version: 4, clientId: 'a' }));
  await client.expect('connack', { returnCode: 5 });
  await client.expectClosed();
});

// The command: what stops its start, and what it leaves behind.

import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { connectRaw } from '@hearth/testkit';
import {
  type Command,
  freePort,
  makeFiles,
  startCommand,
  startWithConf,
} from '../support/command.js';

async function refusal(conf: string, files: Record<string, string> = {}): Promise<string> {
  const folder = await makeFiles({ ...files, 'b.conf': conf });
  const command = startCommand(['-c', 'b.conf'], folder);
  expect(await command.exited).toBe(1);
  return command.output;
}

it('does not start on what it does not understand', async () => {
  const port = await freePort();
  const conf = `listener ${port} 127.0.0.1\nallow_anonymus true\n`;
  expect(await refusal(conf)).toBe('hearth-broker: b.conf:2: allow_anonymus: unknown directive\n');
  const files = { pw: 'alice:secret\n' };
  expect(await refusal('password_file pw', files)).toMatch('pw:1: the password is not hashed');
});

it('does not start without its log file and pid file', async () => {
  const port = await freePort();
  const conf = `listener ${port} 127.0.0.1\n`;
  expect(await refusal(`${conf}log_dest file no/x.log`)).toMatch(
    "ENOENT: no such file or directory, open 'no/x.log'",
  );
  expect(await refusal(`${conf}pid_file no/x.pid`)).toMatch('no/x.pid');
});

it('names a port that is taken and a configuration that is not there', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as { port: number };
  expect(await refusal(`listener ${port} 127.0.0.1`)).toMatch(
    `cannot listen for MQTT over tcp on 127.0.0.1 port ${port}: the port is already in use`,
  );
  taken.close();
  const command = startCommand(['-c', '/no/such.conf']);
  expect(await command.exited).toBe(1);
  expect(command.output).toMatch(
    "hearth-broker: ENOENT: no such file or directory, open '/no/such",
  );
});

it('tests a configuration without starting', async () => {
  const folder = await makeFiles({ 'a.conf': 'listener 1883\nuser x', 'b.conf': 'max_qos 3' });
  const good = startCommand(['--test-config', '-c', 'a.conf'], folder);
  expect(await good.exited).toBe(0);
  expect(good.output).toBe(
    'a.conf:2: user has no effect: the process keeps the user that started it\na.conf is right.\n',
  );
  const bad = startCommand(['--test-config', '-c', 'b.conf'], folder);
  expect(await bad.exited).toBe(1);
});

it('leaves a log for its owner, and a pid file while it runs', async () => {
  const port = await freePort();
  const { command, folder } = await startWithPidFile(port);
  const pidFile = join(folder, 'b.pid');
  expect(readFileSync(pidFile, 'utf8')).toMatch(/^\d+\n$/);
  const log = join(folder, 'b.log');
  expect(statSync(log).mode & 0o777).toBe(0o600);
  expect(readFileSync(log, 'utf8')).toMatch(
    /^\d+: hearth-broker listening: tcp 127\.0\.0\.1 \d+\n/,
  );
  command.signal('SIGTERM');
  expect(await command.exited).toBe(0);
  expect(existsSync(pidFile)).toBe(false);
});

async function startWithPidFile(port: number): Promise<{ command: Command; folder: string }> {
  return startWithConf(
    `listener ${port} 127.0.0.1\nlog_dest file b.log\nlog_dest stdout\npid_file b.pid\n`,
  );
}

it('tells a 5.0 client the limits of Mosquitto', async () => {
  const port = await freePort();
  await startWithConf(`listener ${port} 127.0.0.1\nallow_anonymous true\n`);
  const { connack } = await connectRaw({ port }, { version: 5, clientId: 'a' });
  expect(connack.properties).toEqual({
    topicAliasMaximum: 10,
    maximumPacketSize: 2_000_000,
    receiveMaximum: 20,
  });
});

it('serves this machine only, by default', async () => {
  const port = await freePort();
  const command = startCommand(['-p', String(port)]);
  await command.printed(/local only mode/);
  const { connack } = await connectRaw({ port }, { version: 5, clientId: 'a', username: 'x' });
  expect(connack.properties?.receiveMaximum).toBe(20);
  for (const line of command.output.matchAll(/listening: tcp (\S+)/g)) {
    expect(['127.0.0.1', '::1']).toContain(line[1]);
  }
});

it('begins anew when somebody removed the persistence_file, and sets aside what it had', async () => {
  const port = await freePort();
  const conf = `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_file x.db\n`;
  const { command, folder } = await startWithConf(conf);
  const publisher = await connectRaw({ port }, { version: 4, clientId: 'p' });
  await publisher.publish({ topic: 'a', payload: 'x', qos: 1, retain: true });
  command.signal('SIGTERM');
  await publisher.expectClosed();
  await command.exited;
  expect(readFileSync(join(folder, 'x.db'), 'utf8')).toContain('x.db.hearth');
  const again = startCommand(['-c', 'broker.conf'], folder);
  await again.printed(/hearth-broker listening/);
  const kept = await connectRaw({ port }, { version: 4, clientId: 's' });
  await kept.subscribe('a');
  await kept.take({ topic: 'a', payload: 'x', retain: true });
  again.signal('SIGTERM');
  await kept.expectClosed();
  await again.exited;
  rmSync(join(folder, 'x.db'));
  const anew = startCommand(['-c', 'broker.conf'], folder);
  await anew.printed(/hearth-broker listening/);
  const client = await connectRaw({ port }, { version: 4, clientId: 's' });
  await client.subscribe('#');
  await client.expectNothing();
  const aside = readdirSync(join(folder, 'x.db.hearth')).filter((one) => one.endsWith('.removed'));
  expect(aside.length).toBeGreaterThan(0);
});

it('keeps sessions and retained messages in persistence_location, for its owner only', async () => {
  const port = await freePort();
  const conf = `listener ${port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location .\n`;
  const { command, folder } = await startWithConf(conf);
  const absent = { version: 4, clientId: 'absent', cleanStart: false } as const;
  const subscriber = await connectRaw({ port }, absent);
  await subscriber.subscribe({ filter: 'a', qos: 1 });
  await subscriber.disconnect();
  const publisher = await connectRaw({ port }, { version: 4, clientId: 'p' });
  await publisher.publish({ topic: 'a', payload: 'x', qos: 1, retain: true });
  publisher.cut();
  expect(statSync(join(folder, 'mosquitto.db.hearth')).mode & 0o777).toBe(0o700);
  command.signal('SIGKILL');
  await command.exited;
  const again = startCommand(['-c', 'broker.conf'], folder);
  await again.printed(/hearth-broker listening/);
  const back = await connectRaw({ port }, absent);
  expect(back.connack.sessionPresent).toBe(true);
  await back.take({ topic: 'a', payload: 'x', qos: 1 });
  const other = await connectRaw({ port }, { version: 4, clientId: 'o' });
  await other.subscribe('a');
  await other.expect('publish', { topic: 'a', retain: true });
});

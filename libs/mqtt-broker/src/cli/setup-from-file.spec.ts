import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setupFromFile } from './setup-from-file.js';

const folder = mkdtempSync(join(tmpdir(), 'hearth-setup-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Reads a configuration; `~` stands for the folder that the files are in. */
async function setup(conf: string, files: Record<string, string> = {}) {
  for (const [name, content] of Object.entries({ ...files, 'b.conf': conf })) {
    writeFileSync(join(folder, name), content.replaceAll('~', folder));
  }
  return setupFromFile(join(folder, 'b.conf'), {});
}

describe(setupFromFile, () => {
  it.each<[string, string, Record<string, string>]>([
    ['b.conf:2: allow_anonymus: unknown directive', 'listener 1\nallow_anonymus true', {}],
    ['b.conf:1: connection: bridges are not supported', 'connection cloud', {}],
    ['b.conf:1: password_file: ENOENT', 'password_file ~/no', {}],
    ['b.conf:1: acl_file: EISDIR', 'acl_file ~', {}],
    ['pw:1: the password is not hashed', 'password_file ~/pw', { pw: 'alice:secret\n' }],
    ['acl:2: "topics" starts no rule', 'acl_file ~/acl', { acl: 'user a\ntopics a\n' }],
    ['b.conf:1: include_dir: ENOENT', 'include_dir ~/no', {}],
    ['b.conf:2: certfile: needs a keyfile beside it', 'listener 1\ncertfile ~/pw', { pw: '' }],
    ['b.conf:2: keyfile: needs a certfile beside it', 'listener 1\nkeyfile ~/pw', { pw: '' }],
    ['b.conf:2: require_certificate: needs certfile', 'listener 1\nrequire_certificate true', {}],
    ['b.conf:2: crlfile: needs certfile and keyfile', 'listener 1\ncrlfile ~/pw', { pw: '' }],
    [
      'b.conf:4: require_certificate: needs cafile or capath',
      'listener 1\ncertfile ~/pw\nkeyfile ~/pw\nrequire_certificate true',
      { pw: '' },
    ],
    [
      'b.conf:2: websockets_origin: needs protocol websockets',
      'listener 1\nwebsockets_origin x',
      {},
    ],
    ['b.conf:2: protocol: there are no websockets', 'listener 0 /x\nprotocol websockets', {}],
    [
      'b.conf:2: socket_domain: 127.0.0.1 is no ipv6 address',
      'listener 1 127.0.0.1\nsocket_domain ipv6',
      {},
    ],
    ['b.conf:1: listener: getaddrinfo ', 'listener 1 no.such.host.invalid', {}],
    ['b.conf:1: log_timestamp_format: no %Q; allowed: %', 'log_timestamp_format %Y%Q', {}],
    ['b.conf:2: log_dest: only one file', 'log_dest file a\nlog_dest file b', {}],
    [
      'b.conf:2: persistence_location: there is no folder',
      'persistence true\npersistence_location ~/no',
      {},
    ],
  ])('stops at: %s', async (problem, conf, files) => {
    await expect(setup(conf, files)).rejects.toThrow(problem);
  });

  it('makes listeners of the blocks, with their settings', async () => {
    const { options } = await setup(
      'max_qos 1\nbind_address 127.0.0.1\nlistener 1884 ::1\nprotocol websockets\nmount_point a/\n' +
        'listener 1885\nsocket_domain ipv6\nlistener 0 /run/x.sock\nmax_connections 7',
    );
    expect(options.listeners).toMatchObject([
      { transport: 'tcp', port: 1883, host: '127.0.0.1', settings: { maximumQos: 1 } },
      { transport: 'websocket', port: 1884, host: '::1', settings: { mountPoint: 'a/' } },
      { transport: 'tcp', port: 1885, host: '::', ipv6Only: true },
      { transport: 'unix', path: '/run/x.sock', settings: { maxConnections: 7 } },
    ]);
    expect(new Set(options.listeners.map((one) => one.name)).size).toBe(4);
  });

  it('listens on every address of a host name', async () => {
    const { options } = await setup('listener 1884 localhost\nsocket_domain ipv4');
    expect(options.listeners).toMatchObject([{ host: '127.0.0.1', port: 1884 }]);
  });

  it('serves this machine only where no listener is named, whatever else is', async () => {
    const { options, notes } = await setup('max_connections 7\nuser x');
    const hosts = options.listeners.map((one) => ('host' in one ? one.host : undefined));
    expect(hosts[0]).toBe('127.0.0.1');
    expect(hosts.every((host) => host === '127.0.0.1' || host === '::1')).toBe(true);
    expect(options.listeners[0]?.settings?.maxConnections).toBe(7);
    expect(notes).toHaveLength(2);
  });

  it('has Mosquitto’s limits', async () => {
    expect((await setup('')).options.limits).toMatchObject({
      maxInflightMessages: 20,
      receiveMaximum: 20,
      maxQueuedMessages: 1000,
      maxPacketBytes: 2_000_000,
      maxKeepAliveSeconds: 65_535,
      maxSessionExpirySeconds: 0xffff_ffff,
    });
    const conf = 'max_inflight_messages 0\npersistent_client_expiration 2h\nmessage_size_limit 9';
    expect((await setup(conf)).options.limits).toMatchObject({
      maxInflightMessages: 65_535,
      maxSessionExpirySeconds: 7200,
      maxPayloadBytes: 9,
    });
  });

  it('reads kinds and destinations of log lines, "none" taking back what stands above it', async () => {
    const { log } = await setup('log_type all\nlog_type none\nlog_type error\nlog_dest stdout');
    expect(log.types).toEqual(new Set(['error']));
    expect(log.destinations).toEqual([{ to: 'stdout' }]);
    expect((await setup('')).log).toMatchObject({
      destinations: [{ to: 'stderr' }],
      types: new Set(['error', 'warning', 'notice', 'information']),
      timestamp: 'epoch',
    });
  });

  it('takes JSON by its name or its first character', async () => {
    const json = '{"listeners":[{"transport":"tcp","port":1}],"allowAnonymous":true}';
    expect((await setup(`\n ${json}`)).options.listeners).toHaveLength(1);
  });
});

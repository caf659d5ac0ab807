import {
  globalDirectives,
  listenerDirectives,
  refusedDirectives,
  securityDirectives,
} from './directives.js';
import { type ConfFiles, type MosquittoConf, parseMosquittoConf } from './parse.js';

/** Files in memory; `main` is the one that is parsed. */
function parse(main: string, others: Record<string, string> = {}): MosquittoConf {
  const all = new Map(Object.entries({ main, ...others }));
  const files: ConfFiles = {
    read: (path) => {
      const content = all.get(path);
      if (content === undefined) throw new Error(`ENOENT: no such file, open '${path}'`);
      return content;
    },
    list: (folder) => {
      const paths = Array.from(all.keys()).filter((path) => path.startsWith(`${folder}/`));
      if (paths.length === 0) throw new Error(`ENOENT: no such folder, scandir '${folder}'`);
      return paths.map((path) => path.slice(folder.length + 1));
    },
  };
  return parseMosquittoConf('main', files);
}

function problem(main: string, others: Record<string, string> = {}): string {
  try {
    parse(main, others);
  } catch (error) {
    return (error as Error).message;
  }
  return 'none';
}

/** Per directive: texts and the values that they mean, then texts that are refused. */
type Row = [name: string, good: Record<string, unknown>, bad: string[]];

const bool: [Record<string, unknown>, string[]] = [
  { true: true, false: false, '1': true, '0': false, 'true # why': true },
  ['yes', 'TRUE', 'true false', '2'],
];
const booleans = (...names: string[]): Row[] => names.map((name) => [name, ...bool]);
const texts = (...names: string[]): Row[] =>
  names.map((name) => [name, { 'a b': 'a b', '/x/y  ': '/x/y' }, ['\uFFFD']]);
const numbers: Row[] = [
  ['autosave_interval', { 0: 0, 1800: 1800, '-5': 0 }, ['soon', '1.5', '010', '99999999999']],
  ['global_max_clients', { '-1': -1, '-7': -1, 0: 0, 5: 5 }, ['many']],
  ['global_max_connections', { '-1': -1, 5: 5 }, ['5k']],
  ['log_facility', { 0: 0, 7: 7 }, ['8', '-1', 'local5']],
  ['max_inflight_bytes', { 0: 0, 100: 100 }, ['1MB']],
  ['max_inflight_messages', { 0: 0, 65535: 65_535, 0x10: 16 }, ['65536', 'x']],
  ['max_keepalive', { 0: 0, 65535: 65_535 }, ['-1', '65536']],
  ['max_packet_size', { 20: 20, 2000000: 2_000_000 }, ['19', '0', '-1']],
  ['max_queued_bytes', { 0: 0, 7: 7 }, ['7 8']],
  ['max_queued_messages', { 0: 0, 7: 7 }, ['']],
  ['memory_limit', { 0: '0' }, ['1000']],
  ['message_size_limit', { 0: 0, 268435455: 268_435_455 }, ['268435456', '-1']],
  ['packet_buffer_size', { 4096: 4096 }, ['65536']],
  ['retain_expiry_interval', { 1: 1 }, ['0']],
  ['sys_interval', { 0: 0, 65535: 65_535 }, ['-1', '65536']],
  ['websockets_headers_size', { 1024: 1024 }, ['65536']],
  ['websockets_log_level', { 255: 255 }, ['all']],
];
const globals: Row[] = [
  ...booleans('allow_duplicate_messages', 'autosave_on_changes', 'check_retain_source'),
  ...booleans('connection_messages', 'log_timestamp', 'persistence', 'queue_qos0_messages'),
  ...booleans('retain_available', 'set_tcp_nodelay', 'upgrade_outgoing_qos'),
  ...texts('clientid_prefixes', 'log_timestamp_format', 'persistence_file', 'persistence_location'),
  ...texts('pid_file', 'retry_interval', 'user'),
  ...numbers,
  ['enable_control_api', { false: 'false' }, ['true']],
  [
    'log_dest',
    {
      stdout: [{ to: 'stdout' }],
      'stdout unbuffered': [{ to: 'stdout' }],
      stderr: [{ to: 'stderr' }],
      syslog: [{ to: 'syslog' }],
      topic: [{ to: 'topic' }],
      none: [{ to: 'none' }],
      'file /var/log/a b.log': [{ to: 'file', path: '/var/log/a b.log' }],
    },
    ['file', 'dlt', 'android', 'printer'],
  ],
  ['log_type', { all: ['all'], none: ['none'], subscribe: ['subscribe'] }, ['info', 'everything']],
  [
    'persistent_client_expiration',
    { '30s': 30, '2h': 7200, '14d': 1_209_600, '1w': 604_800, '2m': 5_184_000, '1y': 31_536_000 },
    ['0d', '14', 'd', '-1d', '1.5d', '14 d'],
  ],
];
const securities: Row[] = [
  ...booleans('allow_anonymous', 'allow_zero_length_clientid'),
  ...texts('acl_file', 'password_file'),
  ['auto_id_prefix', { 'auto-': 'auto-' }, ['x'.repeat(51)]],
];
const listeners: Row[] = [
  ...booleans('disable_client_cert_date_checks', 'listener_allow_anonymous', 'mptcp'),
  ...booleans('require_certificate', 'use_identity_as_username', 'use_subject_as_username'),
  ...booleans('use_username_as_clientid'),
  ...texts('cafile', 'capath', 'certfile', 'ciphers', 'ciphers_tls1.3', 'crlfile', 'dhparamfile'),
  ...texts('keyfile'),
  ['accept_protocol_versions', { 5: [5], '3, 4': [3, 4], '3,4,5': [3, 4, 5] }, ['6', '3.1.1']],
  ['listener_auto_id_prefix', { 'auto-': 'auto-' }, ['x'.repeat(51)]],
  ['max_connections', { '-1': -1, '-9': -1, 10: 10 }, ['ten']],
  ['max_qos', { 0: 0, 1: 1, 2: 2 }, ['3', '-1']],
  ['max_topic_alias', { 0: 0, 65535: 65_535 }, ['-1', '65536']],
  ['max_topic_alias_broker', { 0: 0, 65535: 65_535 }, ['-1', '65536']],
  ['mount_point', { 'house/': 'house/' }, ['house/#', '+/x']],
  ['protocol', { mqtt: 'mqtt', websockets: 'websockets' }, ['http_api', 'mqttsn']],
  ['socket_domain', { ipv4: 'ipv4', ipv6: 'ipv6' }, ['unix']],
  ['tls_keyform', { pem: 'pem' }, ['engine']],
  ['tls_version', { 'tlsv1.3': 'tlsv1.3', 'tlsv1.2': 'tlsv1.2' }, ['tlsv1.1', '1.3', 'sslv3']],
  ['websockets_origin', { 'http://a:80': ['http://a:80'] }, ['\uFFFD']],
];
const defaultListener: Row[] = [
  ['bind_address', { '127.0.0.1': '127.0.0.1', localhost: 'localhost' }, ['\uFFFD']],
  ['port', { 1: 1, 1883: 1883, 65535: 65_535 }, ['0', '65536', '-1', 'mqtt']],
];

describe('every directive', () => {
  it('has a row in these tables', () => {
    const names = (rows: Row[]): string[] => rows.map(([name]) => name).sort();
    expect(names(globals)).toEqual(Object.keys(globalDirectives).sort());
    expect(names(securities)).toEqual(Object.keys(securityDirectives).sort());
    const all = [...listeners, ...defaultListener];
    expect(names(all)).toEqual(Object.keys(listenerDirectives).sort());
  });

  const rows = [
    ...globals.map((row) => [...row, 'global', ''] as const),
    ...securities.map((row) => [...row, 'security', ''] as const),
    ...listeners.map((row) => [...row, 'listener', 'listener 1883\n'] as const),
    ...defaultListener.map((row) => [...row, 'listener', ''] as const),
  ];
  it.each(rows)('%s takes what it allows and nothing else', (name, good, bad, scope, before) => {
    for (const [text, value] of Object.entries(good)) {
      const conf = parse(`${before}${name} ${text}\n`);
      const section = scope === 'listener' ? conf.listeners[0]! : conf[scope];
      expect((section.values as Record<string, unknown>)[name]).toEqual(value);
    }
    const line = before === '' ? 1 : 2;
    for (const text of ['', ...bad]) {
      expect(problem(`${before}${name} ${text}`)).toMatch(`main:${line}: ${name}: `);
    }
  });

  it.each(Array.from(refusedDirectives))('%s is refused: %s', (name, why) => {
    const one = name.replace('*', 'x');
    expect(problem(`listener 1883\n${one} 1`)).toBe(`main:2: ${one}: ${why}`);
  });

  it('that is unknown is named', () => {
    expect(problem('\n# comment\nallow_anonymus true')).toBe(
      'main:3: allow_anonymus: unknown directive',
    );
    for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
      expect(problem(`${name} true`)).toBe(`main:1: ${name}: unknown directive`);
    }
  });
});

describe(parseMosquittoConf, () => {
  it('says where, what and what else', () => {
    expect(problem('max_keepalive 70000')).toBe(
      'main:1: max_keepalive: cannot be 70000; allowed: 0 to 65535',
    );
    expect(problem('allow_anonymous')).toBe(
      'main:1: allow_anonymous: has no value; allowed: true or false',
    );
  });

  it('skips comments, empty lines, indentation and carriage returns', () => {
    const conf = parse('# a\n\r\n   # b\n  max_keepalive \t 7  \r\n#max_keepalive 8');
    expect(conf.global.values).toEqual({ max_keepalive: 7 });
  });

  it('gives each listener what stands below it', () => {
    const conf = parse(
      'max_qos 1\nlistener 1884 127.0.0.1\nmax_qos 0\nlistener 0 /run/x.sock # unix\nmount_point a/',
    );
    const seen = conf.listeners.map(({ port, host, socketPath, values }) => ({
      port,
      host,
      socketPath,
      ...values,
    }));
    expect(seen).toEqual([
      { port: 1883, host: undefined, socketPath: undefined, max_qos: 1 },
      { port: 1884, host: '127.0.0.1', socketPath: undefined, max_qos: 0 },
      { port: 0, host: undefined, socketPath: '/run/x.sock', mount_point: 'a/' },
    ]);
  });

  it('comes back to the default listener by port or bind_address', () => {
    const conf = parse('listener 1884\nport 1885\nbind_address ::1\nmax_qos 0');
    expect(conf.listeners.map(({ port, host, values }) => [port, host, values.max_qos])).toEqual([
      [1884, undefined, undefined],
      [1885, '::1', 0],
    ]);
  });

  it.each([
    ['listener', 'has no value; allowed: 0 to 65535'],
    ['listener 70000', 'cannot be 70000; allowed: 0 to 65535'],
    ['listener 1883 localhost more', '"more" after its address'],
    ['listener 0', 'port 0 needs the path of a unix socket behind it'],
    ['listener 0 # path', 'port 0 needs the path of a unix socket behind it'],
  ])('refuses "%s"', (line, why) => {
    expect(problem(line)).toBe(`main:1: listener: ${why}`);
  });

  it.each(['cafile x', 'mount_point x', 'max_topic_alias 1', 'accept_protocol_versions 5'])(
    'wants a listener above "%s"',
    (line) => {
      const name = line.split(' ')[0];
      expect(problem(line)).toBe(`main:1: ${name}: needs a listener above it`);
    },
  );

  it('is local only until a listener, a port or an address is named', () => {
    expect(parse('max_qos 1\nallow_anonymous false').localOnly).toBe(true);
    for (const line of ['listener 1883', 'port 1883', 'bind_address ::']) {
      expect(parse(line).localOnly).toBe(false);
    }
  });

  it('keeps security global unless told to keep it per listener', () => {
    const lines = 'listener 1883\nacl_file a\nlistener 1884\nallow_anonymous true';
    const shared = parse(lines);
    expect(shared.security.values).toEqual({ acl_file: 'a', allow_anonymous: true });
    const apart = parse(`per_listener_settings true\nper_listener_settings false\n${lines}`);
    expect(apart.security.values).toEqual({});
    expect(apart.listeners.map((one) => one.security.values)).toEqual([
      { acl_file: 'a' },
      { allow_anonymous: true },
    ]);
    expect(problem('per_listener_settings true\nallow_anonymous true')).toBe(
      'main:2: allow_anonymous: with per_listener_settings true it needs a listener above it',
    );
    expect(problem('allow_anonymous true\nper_listener_settings true')).toBe(
      'main:2: per_listener_settings: must stand above allow_anonymous',
    );
  });

  it.each(['pid_file', 'persistence_location', 'log_timestamp_format', 'auto_id_prefix'])(
    'refuses a second %s and takes the last of others',
    (name) => {
      expect(problem(`${name} a\n\n${name} a`)).toBe(
        `main:3: ${name}: given twice; the first is main:1`,
      );
      expect(parse('max_keepalive 1\nmax_keepalive 2').global.values.max_keepalive).toBe(2);
    },
  );

  it('adds up log_dest, log_type and websockets_origin', () => {
    const conf = parse('log_dest stdout\nlog_dest topic\nlog_type error\nlog_type notice');
    expect(conf.global.values).toEqual({
      log_dest: [{ to: 'stdout' }, { to: 'topic' }],
      log_type: ['error', 'notice'],
    });
  });

  it('knows the other names of max_qos and persistence', () => {
    const conf = parse('retained_persistence true\nlistener 1\nmaximum_qos 1');
    expect(conf.global.values.persistence).toBe(true);
    expect(conf.listeners[0]?.values.max_qos).toBe(1);
  });

  it('notes what it takes without effect', () => {
    expect(parse('user nobody').notes).toEqual([
      'main:1: user has no effect: the process keeps the user that started it',
    ]);
  });

  describe('include_dir', () => {
    it('reads *.conf in the order of Mosquitto, each from a clean start', () => {
      const names = ['b.conf', 'A.conf', '01.conf', 'a.conf', 'B.conf', '00.conf', 'z.txt'];
      const others = Object.fromEntries(names.map((name) => [`d/${name}`, `log_type all\n`]));
      others['d/01.conf'] = 'log_type none\nlistener 7';
      others['d/a.conf'] = 'log_type error';
      const conf = parse('listener 5\ninclude_dir d/\nmax_qos 1', others);
      expect(conf.global.values.log_type).toEqual(['all', 'none', 'all', 'error', 'all', 'all']);
      expect(conf.listeners.map(({ port, values }) => [port, values.max_qos])).toEqual([
        [5, 1],
        [7, undefined],
      ]);
      expect(problem('listener 5\ninclude_dir d', { 'd/a.conf': '\nmount_point x' })).toBe(
        'd/a.conf:2: mount_point: needs a listener above it',
      );
    });

    it('must exist and may not go deeper', () => {
      expect(problem('include_dir')).toBe('main:1: include_dir: names no folder');
      expect(problem('include_dir no')).toMatch(/^main:1: include_dir: ENOENT/);
      expect(problem('include_dir d', { 'd/a.conf': 'include_dir d' })).toBe(
        'd/a.conf:1: include_dir: only the main file may include others',
      );
    });
  });
});

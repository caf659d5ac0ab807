// Every directive of mosquitto.conf: what it takes and what becomes of it here. docs/mosquitto-conf.md is
// emitted from these tables.

import {
  boolean,
  choice,
  count,
  duration,
  each,
  filePath,
  integer,
  logDestination,
  numbers,
  type Reader,
  text,
  topicPrefix,
} from './readers.js';

/** A directive that is understood. */
export interface Directive<T> extends Reader<T> {
  /** What a second one in the same place does: the last wins, it is refused, or both count. */
  readonly again: 'last' | 'refused' | 'both';
  /** `noted`: accepted because it does no harm, has no effect, and a note says so. */
  readonly support: 'yes' | 'noted';
  /** What it does here, where its name does not say it or Mosquitto differs. */
  readonly doc: string;
}

/** The values of a table of directives, by name. */
export type Values<D extends Record<string, Directive<unknown>>> = {
  [K in keyof D]?: D[K] extends Directive<infer T> ? T : never;
};

function works<T>(reader: Reader<T>, doc = '', again: Directive<T>['again'] = 'last') {
  return { ...reader, doc, again, support: 'yes' } satisfies Directive<T>;
}

function noted<T>(reader: Reader<T>, doc: string): Directive<T> {
  return { ...reader, doc, again: 'last', support: 'noted' };
}

const port = integer(1, 65_535);
const autoIdPrefix = text('50 characters at most', 50);

/** These hold for the whole broker, wherever they stand. */
export const globalDirectives = {
  allow_duplicate_messages: noted(
    boolean,
    'overlapping subscriptions bring a message once, with all subscription identifiers',
  ),
  autosave_interval: noted(count(0), 'what is acknowledged is on disk already'),
  autosave_on_changes: noted(boolean, 'what is acknowledged is on disk already'),
  check_retain_source: works(
    boolean,
    'default true: a retained message is not replayed when its publisher lost the right to publish it',
  ),
  clientid_prefixes: works(text('the beginning of every client identifier')),
  connection_messages: works(boolean, 'default true'),
  enable_control_api: works(choice('false'), '`true` is refused: there is no $CONTROL interface'),
  global_max_clients: works(count(-1), 'sessions, connected or not; default -1'),
  global_max_connections: works(count(-1), 'default -1'),
  log_dest: works(
    each(logDestination),
    'default stderr; `syslog` writes to stderr, which the journal takes; `dlt` and `android` are refused',
    'both',
  ),
  log_facility: noted(integer(0, 7), 'nothing goes to syslog directly'),
  log_timestamp: works(boolean, 'default true'),
  log_timestamp_format: works(
    text('a strftime format'),
    'without it, seconds since 1970; of strftime a A b B d e F H I j m M p s S T y Y z Z %',
    'refused',
  ),
  log_type: works(
    each(
      choice(
        'debug',
        'error',
        'warning',
        'notice',
        'information',
        'subscribe',
        'unsubscribe',
        'websockets',
        'internal',
        'none',
        'all',
      ),
    ),
    'default error, warning, notice and information; the lines have their own words',
    'both',
  ),
  max_inflight_bytes: works(count(0), 'default 0, no limit'),
  max_inflight_messages: works(count(0, 65_535), 'default 20; 0 for no limit'),
  max_keepalive: works(
    integer(0, 65_535),
    'default 0, no limit; a 3.x client that asks for more is refused',
  ),
  max_packet_size: works(integer(20, 268_435_460), 'default 2000000'),
  max_queued_bytes: works(count(0), 'default 0, no limit'),
  max_queued_messages: works(count(0), 'default 1000; 0 for no limit'),
  memory_limit: works(
    choice('0'),
    'other values are refused: bound Node with --max-old-space-size',
  ),
  message_size_limit: works(integer(0, 268_435_455), 'default 0, no limit'),
  packet_buffer_size: noted(integer(0, 65_535), 'packets are read in place'),
  persistence: works(
    boolean,
    'default false; a log, so that nothing that was acknowledged is lost by a crash; it cannot read a mosquitto.db',
  ),
  persistence_file: works(
    text('a file name'),
    'default mosquitto.db; the log is a folder of this name with .hearth behind it; who removes the file removes what is kept',
    'refused',
  ),
  persistence_location: works(filePath, 'a folder; default: the current one', 'refused'),
  persistent_client_expiration: works(duration, 'default: never'),
  pid_file: works(filePath, 'removed at the end', 'refused'),
  queue_qos0_messages: works(boolean, 'default false'),
  retain_available: works(boolean, 'default true'),
  retain_expiry_interval: noted(
    integer(1),
    'an expired retained message is gone when it is met; the number of them is bounded',
  ),
  retry_interval: noted(text('anything'), 'messages are sent again on a new connection only'),
  set_tcp_nodelay: noted(boolean, 'always on: writes are gathered before they are sent'),
  sys_interval: works(integer(0, 65_535), 'default 10; 0 for no $SYS topics'),
  upgrade_outgoing_qos: works(boolean, 'default false'),
  user: noted(text('a user'), 'the process keeps the user that started it'),
  websockets_headers_size: noted(integer(0, 65_535), 'Node bounds HTTP headers at 16 KiB'),
  websockets_log_level: noted(integer(0), 'there is no libwebsockets'),
} as const satisfies Record<string, Directive<unknown>>;

/** These hold for the whole broker, or with `per_listener_settings true` for the listener above them. */
export const securityDirectives = {
  acl_file: works(filePath, 'read again on SIGHUP, for connected clients too'),
  allow_anonymous: works(
    boolean,
    'default false when a listener is defined; without one true, for this machine only',
  ),
  allow_zero_length_clientid: works(boolean, 'default true'),
  auto_id_prefix: works(autoIdPrefix, 'default auto-', 'refused'),
  password_file: works(
    filePath,
    'hashes of the kinds `$6$` and `$7$`; read again on SIGHUP, which disconnects those who are no longer in it; an empty password never fits',
  ),
} as const satisfies Record<string, Directive<unknown>>;

/** These belong to the listener above them; those in `defaultListenerToo` may also stand above all. */
export const listenerDirectives = {
  accept_protocol_versions: works(numbers(3, 4, 5), 'default: all'),
  bind_address: works(text('an address or host name'), 'of the default listener', 'refused'),
  cafile: works(filePath, 'also completes the chain of certfile; read again on SIGHUP'),
  capath: works(filePath, 'every *.pem, *.crt and hash-named file in it'),
  certfile: works(filePath, 'read again on SIGHUP'),
  ciphers: works(text('a list of OpenSSL ciphers')),
  'ciphers_tls1.3': works(text('a list of OpenSSL ciphers')),
  crlfile: works(
    filePath,
    'read again on SIGHUP; must have a current list of every authority in a client’s chain, where Mosquitto wants that of the last',
  ),
  dhparamfile: noted(filePath, 'ephemeral keys need no file any more, here as in Mosquitto 2.1'),
  disable_client_cert_date_checks: works(boolean, 'default false'),
  keyfile: works(filePath, 'read again on SIGHUP'),
  listener_allow_anonymous: works(boolean, 'goes before allow_anonymous'),
  listener_auto_id_prefix: works(autoIdPrefix, 'goes before auto_id_prefix', 'refused'),
  max_connections: works(count(-1), 'default -1'),
  max_qos: works(integer(0, 2), 'default 2'),
  max_topic_alias: works(integer(0, 65_535), 'default 10'),
  max_topic_alias_broker: works(integer(0, 65_535), 'default 10'),
  mount_point: works(topicPrefix),
  mptcp: noted(boolean, 'plain TCP, which such clients also speak'),
  port: works(port, 'of the default listener; default 1883'),
  protocol: works(choice('mqtt', 'websockets'), '`http_api` is refused'),
  require_certificate: works(boolean, 'default false; needs certfile and keyfile'),
  socket_domain: works(choice('ipv4', 'ipv6')),
  tls_keyform: works(choice('pem'), '`engine` is refused'),
  tls_version: works(choice('tlsv1.3', 'tlsv1.2'), 'the least allowed; default tlsv1.2', 'refused'),
  use_identity_as_username: works(boolean, 'without require_certificate nobody comes in'),
  use_subject_as_username: works(boolean, 'without require_certificate nobody comes in'),
  use_username_as_clientid: works(boolean, 'default false'),
  websockets_origin: works(each(text('an origin, as browsers send it')), 'default: any', 'both'),
} as const satisfies Record<string, Directive<unknown>>;

/** Listener directives that make Mosquitto's default listener when they stand before any `listener`. */
export const defaultListenerToo: ReadonlySet<string> = new Set([
  'bind_address',
  'capath',
  'certfile',
  'ciphers',
  'ciphers_tls1.3',
  'crlfile',
  'dhparamfile',
  'keyfile',
  'max_connections',
  'max_qos',
  'port',
  'protocol',
  'require_certificate',
  'socket_domain',
  'tls_keyform',
  'use_identity_as_username',
  'use_subject_as_username',
  'use_username_as_clientid',
]);

/** Other spellings that Mosquitto knows. */
export const aliases: ReadonlyMap<string, string> = new Map([
  ['maximum_qos', 'max_qos'],
  ['retained_persistence', 'persistence'],
]);

const bridges = `address addresses cleansession clientid connection idle_timeout keepalive_interval
  local_cleansession local_clientid local_password local_username notification_topic notifications
  notifications_local_only password remote_clientid remote_password remote_username restart_timeout
  round_robin start_type threshold topic try_private username bridge_*`.split(/\s+/);

const plugins = `plugin global_plugin auth_plugin plugin_load plugin_use plugin_opt_* auth_opt_*
  auth_plugin_deny_special_chars`.split(/\s+/);

/** Known and refused: what they ask for is not there, and leaving it out would not be harmless. */
export const refusedDirectives: ReadonlyMap<string, string> = new Map([
  ...bridges.map((name) => [name, 'bridges are not supported'] as const),
  ...plugins.map((name) => [name, 'plugins for Mosquitto cannot be loaded'] as const),
  ['bind_interface', 'Node cannot bind to an interface; name its address behind listener'],
  ['enable_proxy_protocol', 'the PROXY protocol is not supported'],
  ['http_dir', 'no files are served'],
  ['proxy_protocol_v2_require_tls', 'the PROXY protocol is not supported'],
  ['psk_file', 'pre-shared keys are not supported; use certificates'],
  ['psk_hint', 'pre-shared keys are not supported; use certificates'],
  ['tls_engine', 'OpenSSL engines are not supported'],
  ['tls_engine_kpass_sha1', 'OpenSSL engines are not supported'],
]);

/** Why a directive is refused, or undefined. */
export function whyRefused(name: string): string | undefined {
  return (
    refusedDirectives.get(name) ??
    refusedDirectives.get(/^(bridge_|plugin_opt_|auth_opt_)/.exec(name)?.[1]?.concat('*') ?? '')
  );
}

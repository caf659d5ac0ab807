export type { Broker, SubscribeOptions, Unsubscribe } from './broker.js';
export { allowAll } from './auth/allow-all.js';
export { denyAll } from './auth/deny-all.js';
export type { Authenticator, Credentials, Refusal, Transport } from './auth/authenticator.js';
export type { ClientCertificate } from './auth/client-certificate.js';
export type {
  AuthAnswer,
  AuthContext,
  AuthContinue,
  AuthExchange,
  AuthSuccess,
  EnhancedAuthenticator,
} from './auth/enhanced-authenticator.js';
export type { Principal } from './auth/principal.js';
export { scramCredentials, type ScramCredentials } from './auth/scram/scram-credentials.js';
export { scramSha256, type ScramOptions, type ScramUser } from './auth/scram/scram-sha-256.js';
export type { Cancel, Clock } from './clock.js';
export { createBroker } from './create-broker.js';
export { ReasonCode } from './codec/reason-codes.js';
export { AcceptRefused, InvalidTls, ListenFailed } from './errors.js';
export type { BrokerEvents, DisconnectCause, DropReason } from './events.js';
export type { HandleUpgrade } from './listener/listener.js';
export type { ListenerLimits, ListenerSettings } from './listener-settings.js';
export { defaultLimits, type Limits } from './limits.js';
export type {
  Accept,
  DeliveryOutcome,
  Message,
  OutgoingMessage,
  ProtocolVersion,
  Publication,
  PublishProperties,
  QoS,
  Sender,
} from './message.js';
export type {
  AnyListenerOptions,
  ListenerAddress,
  ListenerOptions,
  Pem,
  PortListenerOptions,
  TcpListenerOptions,
  TlsListenerOptions,
  TlsOptions,
  TlsVersion,
  UnixListenerOptions,
  WebSocketListenerOptions,
  WssListenerOptions,
} from './listener-options.js';
export type { BrokerOptions } from './options.js';
export type { BrokerStats, ClientInfo } from './stats.js';
export { LogStorage, type LogStorageOptions } from './storage/log/log-storage.js';
export { StorageCorrupt } from './storage/log/log-file.js';
export { StorageInUse } from './storage/log/folder.js';
export { MemoryStorage } from './storage/memory-storage.js';
export { type SessionState, StoredState } from './storage/stored-state.js';
export type {
  Change,
  DeliveryStep,
  Storage,
  StoredDelivery,
  StoredMessage,
  StoredRetained,
  StoredSession,
  StoredSubscription,
  StoredWill,
} from './storage/storage.js';
export { PcapWriter, toPcap } from './trace/pcap.js';
export type {
  PacketFields,
  PacketType,
  Trace,
  TracedConnection,
  TracedMessage,
  TracedPacket,
  TraceFilter,
  TraceOptions,
} from './trace/trace.js';

export { FakeClock } from './fake-clock.js';
export { needsTool, type NeededTool, type ToolName } from './needs-tool.js';
export {
  closeRawClients,
  connectRaw,
  openRaw,
  RawClient,
  type Address,
  type ConnectedClient,
  type ConnectOptions,
  type OpenOptions,
} from './raw-client.js';
export { within } from './within.js';
export { wire } from './wire/notation.js';
export {
  acknowledgement,
  auth,
  connect,
  disconnect,
  packet,
  pingreq,
  publish,
  subscribe,
  unsubscribe,
  type ConnectFields,
  type PublishFields,
  type SubscriptionFields,
  type Version,
  type WillFields,
} from './wire/packets.js';
export type { Received, ServerPacketName } from './wire/packet-reader.js';
export type { NamedProperties, Properties } from './wire/properties.js';
export type { Shape } from './wire/shape.js';

// The ladder: each type says what is known by now, so that no step can run early.
import type { DeviceId } from '@hearth/contracts';
import type { CompiledMapping } from './mapping-book.js';
import type { Refusal } from './refusal.js';
import type { Series } from './series.js';

/** A message as the broker hands it over; its time enters here. */
export interface IncomingMessage {
  readonly topic: string;
  /** A view on the broker's buffer: read now, or copy. */
  readonly payload: Buffer;
  readonly qos: 0 | 1 | 2;
  readonly retain: boolean;
  readonly kind: 'publish' | 'will';
  /** Epoch milliseconds. */
  readonly receivedAtMs: number;
  /** Only of a message that walks the line again. */
  readonly replay?: Replay;
}

/** Who sent it, as the broker authenticated it. */
export type MessageSender =
  | { readonly type: 'device'; readonly deviceId: DeviceId; readonly homeId: string }
  | { readonly type: 'integration'; readonly username: string; readonly homeId: string };

/** The MQTT user name of a sender. */
export function senderName(sender: MessageSender): string {
  return sender.type === 'device' ? sender.deviceId : sender.username;
}

/** A message and who sent it: where every line begins. */
export interface Received {
  readonly message: IncomingMessage;
  readonly sender: MessageSender;
}

/** Readings of a device; `metric` is set when the topic names it. */
export interface AddressedTelemetry extends Received {
  readonly to: 'telemetry';
  readonly deviceId: DeviceId;
  readonly metric: string | undefined;
}

/** What a device says of itself. */
export interface AddressedReport extends Received {
  readonly to: 'report';
  readonly deviceId: DeviceId;
  readonly name: 'status' | 'info' | 'state' | 'response';
}

/** A topic outside `hearth/`: nobody's yet. */
export interface AddressedForeign extends Received {
  readonly to: 'foreign';
}

export type Addressed = AddressedTelemetry | AddressedReport | AddressedForeign;

/** A message that a mapping claims; `levels` are what stands where its filter has names. */
export interface MappedTelemetry extends AddressedTelemetry {
  readonly mapping: CompiledMapping;
  readonly levels: ReadonlyMap<string, string>;
}

/** One measurement as it was sent. */
export interface Sample {
  readonly metric: string;
  readonly value: number | boolean | string;
  /** Epoch milliseconds; undefined when the device gave none. */
  readonly ts: number | undefined;
  readonly unit: string | undefined;
}

export interface Parsed {
  readonly addressed: AddressedTelemetry;
  readonly samples: readonly Sample[];
}

/** A device that the registry knows. */
export interface KnownDevice {
  readonly id: DeviceId;
  readonly homeId: string;
}

export interface Known extends Parsed {
  readonly device: KnownDevice;
}

/** One row: canonical unit, believable time, of a series. Booleans are 0 and 1. */
export interface Reading {
  readonly series: Series;
  readonly ts: number;
  readonly value: number | string;
}

export interface Normalised {
  readonly message: IncomingMessage;
  readonly readings: readonly Reading[];
}

/** Readings without those that are stored already. */
export interface Fresh extends Normalised {
  /** How many were left out. */
  readonly repeated: number;
}

/** Rides on a message that walks the line again, for one walk, and notes what happens to it. */
export interface Replay {
  /** Time of readings that have none, epoch milliseconds: chosen by whoever replays, so that it is the same every time. */
  readonly stampMs: number;
  /** Stops short of the store. */
  readonly isRehearsal: boolean;
  /** What it was normalised to. */
  readings: readonly Reading[];
  /** Whether one of its readings has no time of its own. */
  isStamped: boolean;
  /** False for what nobody claims, and for what a device says of itself. */
  hasReadings: boolean;
  refusal: Refusal | undefined;
}

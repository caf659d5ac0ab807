// What the slices of the api tell each other. Facts after they happened, never requests.
import { EventEmitter } from 'node:events';
import { Injectable } from '@nestjs/common';
import type {
  ClimateState,
  Command,
  CommandId,
  DeviceId,
  Health,
  InfoPayload,
  Presence,
  ResponsePayload,
  StatusPayload,
} from '@hearth/contracts';

/** Newest value of a series, after its row was committed. `ts` is epoch milliseconds. */
interface LatestReading {
  readonly seriesId: number;
  readonly deviceId: DeviceId;
  readonly metric: string;
  readonly ts: number;
  readonly value: number | string;
}

/** Event name to payload. */
export interface HearthEvents {
  /** Committed readings, newest of each series in the batch. */
  readings: readonly LatestReading[];
  /** A birth, a will or a status that the device published. */
  'device-status': { deviceId: DeviceId; status: StatusPayload; will: boolean; atMs: number };
  /** A mapping took a message of an integration for a reading of the device. */
  'device-spoken-for': { deviceId: DeviceId; atMs: number };
  'device-info': { deviceId: DeviceId; info: InfoPayload };
  'device-climate': { deviceId: DeviceId; state: ClimateState; atMs: number };
  'device-response': { deviceId: DeviceId; response: ResponsePayload; atMs: number };
  presence: { deviceId: DeviceId; presence: Presence };
  command: { command: Command; commandId: CommandId };
  changed: {
    what:
      | 'devices'
      | 'rooms'
      | 'home'
      | 'integrations'
      | 'discovered'
      | 'mappings'
      | 'dead-letters'
      | 'simulator';
    deviceId: DeviceId | null;
  };
  /** The device may no longer use the credentials or sessions that it had. */
  'credentials-revoked': { principalId: string; reason: 'rotated' | 'deleted' };
  health: Health;
}

/** Typed in-process events. A handler must not throw: it answers for its own errors. */
@Injectable()
export class HearthEventBus {
  readonly #emitter = new EventEmitter({ captureRejections: false }).setMaxListeners(50);

  emit<E extends keyof HearthEvents>(event: E, payload: HearthEvents[E]): void {
    this.#emitter.emit(event, payload);
  }

  /** Returns the function that takes the handler off again. */
  on<E extends keyof HearthEvents>(
    event: E,
    handler: (payload: HearthEvents[E]) => void,
  ): () => void {
    this.#emitter.on(event, handler);
    return () => this.#emitter.off(event, handler);
  }
}

// Brings commands to devices over the broker and reports what became of each on the way.
import { Injectable } from '@nestjs/common';
import {
  buildTopic,
  commandIdSchema,
  parseTopic,
  type CommandId,
  type DeviceId,
} from '@hearth/contracts';
import type { DeliveryOutcome, Message, Principal } from '@hearth/mqtt-broker';
import { BrokerService } from '../broker/broker.service.js';
import { ownerOf } from '../broker/principals.js';
import { filterMatches } from '../broker/topic-filter.js';
import type { CommandRecord, CommandSign } from './command-life.js';
import { toPayload } from './command.mapper.js';

/** Told what happened to a command on its way. */
export type Report = (id: CommandId, sign: CommandSign) => void;
/** Told that a device listens for its commands now, through `filter` (see `isHeardBy`) or a session that it resumed. */
export type Listening = (deviceId: DeviceId, filter: string | undefined) => void;
/** Whether this is an unfinished command of this device. */
export type IsOpen = (id: CommandId, deviceId: DeviceId) => boolean;

type Address = Pick<CommandRecord, 'id' | 'deviceId'>;

const SHARE_PREFIX = /^\$share\/[^/]+\//;

@Injectable()
export class CommandCourier {
  readonly #broker: BrokerService;
  /** Commands that wait in a session of the broker or were sent: bringing them again would double them. */
  readonly #underWay = new Set<CommandId>();

  constructor(broker: BrokerService) {
    this.#broker = broker;
  }

  /** Calls `listening` after every subscription of a device, and when it goes on with a session. */
  onListening(listening: Listening): void {
    const tell = (principal: Principal, filter: string | undefined): void => {
      const owner = ownerOf(principal);
      if (owner?.type !== 'device') return;
      // Later, so that the SUBACK goes out before the command that was waiting for it.
      setImmediate(() => listening(owner.deviceId, filter));
    };
    this.#broker.on('subscribed', ({ principal, filter }) => tell(principal, filter));
    this.#broker.on('connected', ({ principal, sessionPresent }) => {
      if (sessionPresent) tell(principal, undefined);
    });
  }

  /** Goes on with commands that an earlier life of the server published and that wait in sessions. Call it before the broker starts. */
  resume(isOpen: IsOpen, report: Report): void {
    const addressOf = (message: Message): Address | undefined => {
      const address = readAddress(message);
      // Whoever may publish on this topic may have written anything.
      return address && isOpen(address.id, address.deviceId) ? address : undefined;
    };
    this.#broker.on('restored', ({ principalId, message }) => {
      const address = addressOf(message);
      if (address?.deviceId === principalId) this.#underWay.add(address.id);
    });
    this.#broker.on('settled', ({ message, delivery }) => {
      const address = addressOf(message);
      if (address !== undefined) this.#onDelivery(address, delivery, report);
    });
  }

  /** True when a subscription to `filter` gets this command. */
  isHeardBy(command: CommandRecord, filter: string): boolean {
    const topic = buildTopic('command', command.deviceId, command.name);
    return filterMatches(filter.replace(SHARE_PREFIX, ''), topic);
  }

  /**
   * Publishes the command unless it is under way already. Without a session that wants it, it stays
   * where it is until the device subscribes. `report` may be called before this returns.
   */
  bring(command: CommandRecord, nowMs: number, report: Report): void {
    const { id, deviceId, name } = command;
    const remainingMs = command.expiresAtMs - nowMs;
    if (this.#underWay.has(id) || remainingMs <= 0) return;
    this.#underWay.add(id);
    const { matched, sent, committed } = this.#broker.publish({
      topic: buildTopic('command', deviceId, name),
      payload: JSON.stringify(toPayload(command)),
      qos: 2,
      properties: {
        messageExpiryInterval: Math.ceil(remainingMs / 1_000),
        contentType: 'application/json',
        payloadFormatIndicator: 1,
        responseTopic: buildTopic('response', deviceId),
        correlationData: Buffer.from(id),
      },
      onDelivery: (delivery) => this.#onDelivery(command, delivery, report),
    });
    if (matched === 0) this.#underWay.delete(id);
    if (sent === 0) return;
    // To a session that is kept it goes out when it is stored. Should that never be, it was never sent.
    if (committed === undefined) report(id, { type: 'sent' });
    else void committed.then(() => report(id, { type: 'sent' }));
  }

  /** Forgets a command that is finished. */
  forget(id: CommandId): void {
    this.#underWay.delete(id);
  }

  #onDelivery({ id, deviceId }: Address, delivery: DeliveryOutcome, report: Report): void {
    // An integration may listen to commands; what it does with them says nothing about the device.
    if (delivery.principalId !== deviceId) return;
    if (delivery.outcome === 'acknowledged') report(id, { type: 'acknowledged' });
    if (delivery.outcome === 'refused') {
      report(id, { type: 'refused', reasonCode: delivery.reasonCode });
    }
    // Its session ended or was full: free to be brought again when the device subscribes.
    if (delivery.outcome === 'dropped') this.#underWay.delete(id);
  }
}

/** Which command a message carries, if it is one. */
function readAddress({ topic, properties }: Message): Address | undefined {
  const parsed = parseTopic(topic);
  if (parsed?.name !== 'command') return undefined;
  const id = commandIdSchema.safeParse(Buffer.from(properties?.correlationData ?? '').toString());
  return id.success ? { id: id.data, deviceId: parsed.deviceId } : undefined;
}

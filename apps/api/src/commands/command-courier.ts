// Brings commands to devices over the broker and reports what became of each on the way.
import { Injectable } from '@nestjs/common';
import { buildTopic, type CommandId, type DeviceId } from '@hearth/contracts';
import type { DeliveryOutcome } from '@hearth/mqtt-broker';
import { BrokerService } from '../broker/broker.service.js';
import { ownerOf } from '../broker/principals.js';
import { filterMatches } from '../broker/topic-filter.js';
import type { CommandRecord, CommandSign } from './command-life.js';
import { toPayload } from './command.mapper.js';

/** Told what happened to a command on its way. */
export type Report = (id: CommandId, sign: CommandSign) => void;
/** Told that a device listens for its commands now: filters are matched with `isHeardBy`. */
export type Listening = (deviceId: DeviceId, filter: string) => void;

const SHARE_PREFIX = /^\$share\/[^/]+\//;

@Injectable()
export class CommandCourier {
  readonly #broker: BrokerService;
  /** Commands that wait in a session of the broker or were sent: bringing them again would double them. */
  readonly #underWay = new Set<CommandId>();

  constructor(broker: BrokerService) {
    this.#broker = broker;
  }

  /** Calls `listening` after every subscription of a device. */
  onListening(listening: Listening): void {
    this.#broker.on('subscribed', ({ principal, filter }) => {
      const owner = ownerOf(principal);
      if (owner?.type !== 'device') return;
      // Later, so that the SUBACK goes out before the command that was waiting for it.
      setImmediate(() => listening(owner.deviceId, filter));
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
    const { matched, sent } = this.#broker.publish({
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
    else if (sent > 0) report(id, { type: 'sent' });
  }

  /** Forgets a command that is finished. */
  forget(id: CommandId): void {
    this.#underWay.delete(id);
  }

  #onDelivery({ id, deviceId }: CommandRecord, delivery: DeliveryOutcome, report: Report): void {
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

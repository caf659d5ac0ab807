// The tables of the broker's state: read once at the start, then only written.
import { Inject, Injectable } from '@nestjs/common';
import { inTransaction, readThrough, type Database, type Queries } from '@hearth/db';
import type {
  Change,
  DeliveryStep,
  QoS,
  StoredDelivery,
  StoredMessage,
  StoredSession,
  StoredSubscription,
} from '@hearth/mqtt-broker';
import type { Logger } from 'pino';
import { LOGGER } from '../common/logger.js';
import { aroundBadRows } from '../database/data-errors.js';
import { DATABASE } from '../database/database.js';
import { fromJson, stepsOf } from './broker-statements.js';
import { keyOfOwner, type NetRows } from './net-changes.js';

type StoredProperties = Parameters<typeof fromJson>[0];

/** Fields as the statements name them; numbers and times come as float8, exact for both. */
interface OwnedRow {
  readonly clientId: string;
  readonly principalId: string;
}
interface SessionRow extends OwnedRow {
  readonly expirySeconds: number;
  readonly disconnectedAtMs: number | null;
  readonly willTopic: string | null;
  readonly willPayload: Buffer | null;
  readonly willQos: QoS | null;
  readonly willRetain: boolean | null;
  readonly willProperties: StoredProperties;
  readonly willDelaySeconds: number | null;
}
type SubscriptionRow = OwnedRow & StoredSubscription;
interface MessageRow extends Omit<StoredMessage, 'properties'> {
  readonly id: number;
  readonly properties: StoredProperties;
}
interface DeliveryRow extends OwnedRow {
  readonly id: number;
  readonly messageId: number;
  readonly qos: StoredDelivery['qos'];
  readonly retain: boolean;
  readonly identifiers: number[];
  readonly share: string | null;
  readonly step: DeliveryStep;
  readonly packetId: number;
}
type IncomingRow = OwnedRow & { readonly packetId: number };
interface RetainedRow {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: QoS;
  readonly properties: StoredProperties;
  readonly storedAtMs: number;
  readonly clientId: string | null;
  readonly principalId: string | null;
}

const TABLES = [
  'broker_session',
  'broker_subscription',
  'broker_message',
  'broker_delivery',
  'broker_incoming',
  'broker_retained',
];
const OWNER = 'client_id as "clientId", principal_id as "principalId"';
const milliseconds = (column: string): string => `(extract(epoch from ${column}) * 1000)::float8`;

const SESSIONS = `select ${OWNER}, expiry_seconds as "expirySeconds",
    ${milliseconds('disconnected_at')} as "disconnectedAtMs", will_topic as "willTopic",
    will_payload as "willPayload", will_qos as "willQos", will_retain as "willRetain",
    will_properties as "willProperties", will_delay_seconds as "willDelaySeconds"
  from broker_session`;
const SUBSCRIPTIONS = `select ${OWNER}, filter, qos, no_local as "noLocal",
    retain_as_published as "retainAsPublished", identifier
  from broker_subscription`;
const MESSAGES = `select id::float8, topic, payload, qos, retain, properties,
    ${milliseconds('received_at')} as "receivedAtMs"
  from broker_message`;
const DELIVERIES = `select ${OWNER}, id::float8, message_id::float8 as "messageId", qos, retain,
    subscription_identifiers as identifiers, share, step, packet_id as "packetId"
  from broker_delivery`;
const INCOMING = `select ${OWNER}, packet_id as "packetId" from broker_incoming`;
const RETAINED = `select topic, payload, qos, properties, ${milliseconds('stored_at')} as "storedAtMs",
    publisher_client_id as "clientId", publisher_principal_id as "principalId"
  from broker_retained`;

@Injectable()
export class BrokerStateRepository {
  readonly #database: Database;
  readonly #logger: Logger;

  constructor(@Inject(DATABASE) database: Database, @Inject(LOGGER) logger: Logger) {
    this.#database = database;
    this.#logger = logger;
  }

  /** The changes that lead to what is stored. */
  async *read(): AsyncGenerator<Change, void> {
    const { pool } = this.#database;
    // A process that was killed may have left a commit under way, whose numbers would be given twice.
    await inTransaction(pool, (queries) =>
      queries.query(`lock table ${TABLES.join(', ')} in share mode`),
    );
    for await (const row of readThrough<SessionRow>(pool, SESSIONS)) yield toSession(row);
    for await (const row of readThrough<SubscriptionRow>(pool, SUBSCRIPTIONS)) {
      yield toSubscription(row);
    }
    for await (const row of readThrough<MessageRow>(pool, MESSAGES)) yield toMessage(row);
    for await (const row of readThrough<DeliveryRow>(pool, DELIVERIES)) yield toDelivery(row);
    for await (const row of readThrough<IncomingRow>(pool, INCOMING)) {
      yield { type: 'incoming', key: keyOfOwner(row), packetId: row.packetId };
    }
    for await (const row of readThrough<RetainedRow>(pool, RETAINED)) yield toRetained(row);
  }

  /** Writes in the transaction of whoever calls. */
  async write(rows: NetRows, queries: Queries): Promise<void> {
    for (const step of stepsOf(rows)) {
      for (const [from, to] of step.pieces()) await queries.query(step.query(from, to));
    }
  }

  /** As `write`, but outside of a transaction, and without the rows that Postgres refuses. */
  async writeAroundBadRows(rows: NetRows): Promise<void> {
    for (const step of stepsOf(rows)) {
      await aroundBadRows(
        step.size,
        async (from, to) => {
          const { rowCount } = await this.#database.pool.query(step.query(from, to));
          return rowCount ?? 0;
        },
        (row, error) => {
          const { name } = step.query(row, row + 1);
          this.#logger.error({ err: error, name }, 'what the broker has to keep cannot be stored');
        },
      );
    }
  }
}

function toSession(row: SessionRow): Change {
  const { clientId, principalId, expirySeconds, disconnectedAtMs } = row;
  return {
    type: 'session',
    session: {
      key: keyOfOwner(row),
      clientId,
      principalId,
      expirySeconds,
      disconnectedAtMs: disconnectedAtMs ?? undefined,
      will: willOf(row),
    },
  };
}

function willOf(row: SessionRow): StoredSession['will'] {
  if (row.willTopic === null) return undefined;
  return {
    topic: row.willTopic,
    payload: row.willPayload ?? Buffer.alloc(0),
    qos: row.willQos ?? 0,
    retain: row.willRetain ?? false,
    properties: fromJson(row.willProperties),
    delaySeconds: row.willDelaySeconds ?? 0,
  };
}

function toSubscription(row: SubscriptionRow): Change {
  const { clientId: _, principalId: __, ...subscription } = row;
  return { type: 'subscription', key: keyOfOwner(row), subscription };
}

function toMessage({ id, properties, ...rest }: MessageRow): Change {
  return { type: 'message', id, message: { ...rest, properties: fromJson(properties) } };
}

function toDelivery(row: DeliveryRow): Change {
  const { id, messageId, qos, retain, identifiers, share, step, packetId } = row;
  return {
    type: 'delivery',
    delivery: {
      id,
      key: keyOfOwner(row),
      messageId,
      qos,
      retain,
      subscriptionIdentifiers: identifiers.length === 0 ? undefined : identifiers,
      share: share ?? undefined,
      step,
      packetId,
    },
  };
}

function toRetained({ clientId, principalId, properties, ...rest }: RetainedRow): Change {
  const publisher =
    clientId === null || principalId === null ? undefined : keyOfOwner({ clientId, principalId });
  return {
    type: 'retained',
    message: { ...rest, properties: fromJson(properties), publisher },
  };
}

// How the broker's state gets into its tables: set by set, each statement with one array a column. Every one may be repeated.
import type { PublishProperties } from '@hearth/mqtt-broker';
import type { NetRows, Owner } from './net-changes.js';
import { ownerOfKey } from './net-changes.js';

/** One statement for rows of one kind. */
interface Statement<Row> {
  readonly name: string;
  readonly text: string;
  readonly columns: (rows: readonly Row[]) => unknown[];
  /** What a row carries beside short fields, bytes. */
  readonly payloadBytes?: (row: Row) => number;
}

/** A statement with its rows, in pieces that Postgres and we can hold. */
export interface Step {
  readonly size: number;
  /** Name, text and parameters for the rows `from` to `to`, the last one not included. */
  query(from: number, to: number): { name: string; text: string; values: unknown[] };
  /** Where each piece begins and ends. */
  pieces(): Iterable<readonly [from: number, to: number]>;
}

/** Rows of one statement. More do not make it faster. */
const MAX_ROWS = 2_000;
/** Payload bytes of one statement, about: arrays travel as text, twice as long. */
const MAX_PAYLOAD_BYTES = 4 * 1024 * 1024;

/** What is to be done for these rows, in this order. */
export function stepsOf(rows: NetRows): Step[] {
  return [
    step(END_SESSIONS, rows.endedSessions),
    step(END_SUBSCRIPTIONS, rows.endedSubscriptions),
    step(END_DELIVERIES, rows.endedDeliveries),
    step(END_INCOMING, rows.endedIncoming),
    step(END_MESSAGES, rows.endedMessages),
    step(END_RETAINED, rows.endedRetained),
    step(PUT_MESSAGES, rows.messages),
    step(PUT_SESSIONS, rows.sessions),
    step(PUT_SUBSCRIPTIONS, rows.subscriptions),
    step(PUT_DELIVERIES, rows.deliveries),
    step(PUT_INCOMING, rows.incoming),
    step(PUT_RETAINED, rows.retained),
  ].filter(({ size }) => size > 0);
}

function step<Row>(statement: Statement<Row>, rows: readonly Row[]): Step {
  const { name, text, columns, payloadBytes } = statement;
  return {
    size: rows.length,
    query: (from, to) => ({
      name: `hearth-broker-${name}`,
      text,
      values: columns(from === 0 && to === rows.length ? rows : rows.slice(from, to)),
    }),
    *pieces() {
      let from = 0;
      let bytes = 0;
      for (const [at, row] of rows.entries()) {
        const more = payloadBytes?.(row) ?? 0;
        if (at > from && (at - from >= MAX_ROWS || bytes + more > MAX_PAYLOAD_BYTES)) {
          yield [from, at];
          from = at;
          bytes = 0;
        }
        bytes += more;
      }
      yield [from, rows.length];
    },
  };
}

const clientIds = (rows: readonly Owner[]): string[] => rows.map(({ clientId }) => clientId);
const principalIds = (rows: readonly Owner[]): string[] => rows.map((row) => row.principalId);
const toTime = (ms: number): string => new Date(ms).toISOString();

const END_SESSIONS: Statement<Owner> = {
  name: 'end-sessions',
  text: `with ended as (
      select * from unnest($1::text[], $2::text[]) as n (client_id, principal_id)
    ), subscriptions as (
      delete from broker_subscription as t using ended
      where t.client_id = ended.client_id and t.principal_id = ended.principal_id
    ), deliveries as (
      delete from broker_delivery as t using ended
      where t.client_id = ended.client_id and t.principal_id = ended.principal_id
    ), incoming as (
      delete from broker_incoming as t using ended
      where t.client_id = ended.client_id and t.principal_id = ended.principal_id
    )
    delete from broker_session as t using ended
    where t.client_id = ended.client_id and t.principal_id = ended.principal_id`,
  columns: (rows) => [clientIds(rows), principalIds(rows)],
};

const END_SUBSCRIPTIONS: Statement<NetRows['endedSubscriptions'][number]> = {
  name: 'end-subscriptions',
  text: `delete from broker_subscription as t
    using unnest($1::text[], $2::text[], $3::text[]) as n (client_id, principal_id, filter)
    where t.client_id = n.client_id and t.principal_id = n.principal_id and t.filter = n.filter`,
  columns: (rows) => [clientIds(rows), principalIds(rows), rows.map(({ filter }) => filter)],
};

const END_DELIVERIES: Statement<number> = {
  name: 'end-deliveries',
  text: 'delete from broker_delivery where id = any($1::bigint[])',
  columns: (ids) => [ids],
};

const END_INCOMING: Statement<NetRows['endedIncoming'][number]> = {
  name: 'end-incoming',
  text: `delete from broker_incoming as t
    using unnest($1::text[], $2::text[], $3::int[]) as n (client_id, principal_id, packet_id)
    where t.client_id = n.client_id and t.principal_id = n.principal_id
      and t.packet_id = n.packet_id`,
  columns: (rows) => [clientIds(rows), principalIds(rows), rows.map(({ packetId }) => packetId)],
};

const END_MESSAGES: Statement<number> = {
  name: 'end-messages',
  text: 'delete from broker_message where id = any($1::bigint[])',
  columns: (ids) => [ids],
};

const END_RETAINED: Statement<string> = {
  name: 'end-retained',
  text: 'delete from broker_retained where topic = any($1::text[])',
  columns: (topics) => [topics],
};

/** A message never changes: one that is there is there from an attempt whose answer was lost. */
const PUT_MESSAGES: Statement<NetRows['messages'][number]> = {
  name: 'put-messages',
  text: `insert into broker_message (id, topic, payload, qos, retain, properties, received_at)
    select * from unnest($1::bigint[], $2::text[], $3::bytea[], $4::smallint[], $5::boolean[],
      $6::json[], $7::timestamptz[])
    on conflict (id) do nothing`,
  columns: (rows) => [
    rows.map(({ id }) => id),
    rows.map(({ message }) => message.topic),
    rows.map(({ message }) => message.payload),
    rows.map(({ message }) => message.qos),
    rows.map(({ message }) => message.retain),
    rows.map(({ message }) => toJson(message.properties)),
    rows.map(({ message }) => toTime(message.receivedAtMs)),
  ],
  payloadBytes: ({ message }) => message.payload.length,
};

const PUT_SESSIONS: Statement<NetRows['sessions'][number]> = {
  name: 'put-sessions',
  text: `insert into broker_session (client_id, principal_id, expiry_seconds, disconnected_at,
      will_topic, will_payload, will_qos, will_retain, will_properties, will_delay_seconds)
    select * from unnest($1::text[], $2::text[], $3::float8[], $4::timestamptz[], $5::text[],
      $6::bytea[], $7::smallint[], $8::boolean[], $9::json[], $10::float8[])
    on conflict (client_id, principal_id) do update set
      expiry_seconds = excluded.expiry_seconds, disconnected_at = excluded.disconnected_at,
      will_topic = excluded.will_topic, will_payload = excluded.will_payload,
      will_qos = excluded.will_qos, will_retain = excluded.will_retain,
      will_properties = excluded.will_properties, will_delay_seconds = excluded.will_delay_seconds`,
  columns: (rows) => [
    clientIds(rows),
    principalIds(rows),
    rows.map(({ expirySeconds }) => expirySeconds),
    rows.map(({ disconnectedAtMs: ms }) => (ms === undefined ? null : toTime(ms))),
    rows.map(({ will }) => will?.topic ?? null),
    rows.map(({ will }) => will?.payload ?? null),
    rows.map(({ will }) => will?.qos ?? null),
    rows.map(({ will }) => will?.retain ?? null),
    rows.map(({ will }) => (will === undefined ? null : toJson(will.properties))),
    rows.map(({ will }) => will?.delaySeconds ?? null),
  ],
  payloadBytes: ({ will }) => will?.payload.length ?? 0,
};

const PUT_SUBSCRIPTIONS: Statement<NetRows['subscriptions'][number]> = {
  name: 'put-subscriptions',
  text: `insert into broker_subscription
      (client_id, principal_id, filter, qos, no_local, retain_as_published, identifier)
    select * from unnest($1::text[], $2::text[], $3::text[], $4::smallint[], $5::boolean[],
      $6::boolean[], $7::int[])
    on conflict (client_id, principal_id, filter) do update set
      qos = excluded.qos, no_local = excluded.no_local,
      retain_as_published = excluded.retain_as_published, identifier = excluded.identifier`,
  columns: (rows) => [
    clientIds(rows),
    principalIds(rows),
    rows.map(({ subscription }) => subscription.filter),
    rows.map(({ subscription }) => subscription.qos),
    rows.map(({ subscription }) => subscription.noLocal),
    rows.map(({ subscription }) => subscription.retainAsPublished),
    rows.map(({ subscription }) => subscription.identifier),
  ],
};

/** `unnest` would take an array of arrays apart: the identifiers travel as text. */
const PUT_DELIVERIES: Statement<NetRows['deliveries'][number]> = {
  name: 'put-deliveries',
  text: `insert into broker_delivery (id, client_id, principal_id, message_id, qos, retain,
      subscription_identifiers, share, step, packet_id)
    select n.id, n.client_id, n.principal_id, n.message_id, n.qos, n.retain,
      n.identifiers::int[], n.share, n.step, n.packet_id
    from unnest($1::bigint[], $2::text[], $3::text[], $4::bigint[], $5::smallint[], $6::boolean[],
      $7::text[], $8::text[], $9::text[], $10::int[]) as n (id, client_id, principal_id,
        message_id, qos, retain, identifiers, share, step, packet_id)
    on conflict (id) do update set step = excluded.step, packet_id = excluded.packet_id`,
  columns: (rows) => [
    rows.map(({ delivery }) => delivery.id),
    clientIds(rows),
    principalIds(rows),
    rows.map(({ delivery }) => delivery.messageId),
    rows.map(({ delivery }) => delivery.qos),
    rows.map(({ delivery }) => delivery.retain),
    rows.map(({ delivery }) => `{${delivery.subscriptionIdentifiers?.join(',') ?? ''}}`),
    rows.map(({ delivery }) => delivery.share ?? null),
    rows.map(({ delivery }) => delivery.step),
    rows.map(({ delivery }) => delivery.packetId),
  ],
};

const PUT_INCOMING: Statement<NetRows['incoming'][number]> = {
  name: 'put-incoming',
  text: `insert into broker_incoming (client_id, principal_id, packet_id)
    select * from unnest($1::text[], $2::text[], $3::int[])
    on conflict (client_id, principal_id, packet_id) do nothing`,
  columns: (rows) => [clientIds(rows), principalIds(rows), rows.map(({ packetId }) => packetId)],
};

const PUT_RETAINED: Statement<NetRows['retained'][number]> = {
  name: 'put-retained',
  text: `insert into broker_retained (topic, payload, qos, properties, stored_at,
      publisher_client_id, publisher_principal_id)
    select * from unnest($1::text[], $2::bytea[], $3::smallint[], $4::json[], $5::timestamptz[],
      $6::text[], $7::text[])
    on conflict (topic) do update set payload = excluded.payload, qos = excluded.qos,
      properties = excluded.properties, stored_at = excluded.stored_at,
      publisher_client_id = excluded.publisher_client_id,
      publisher_principal_id = excluded.publisher_principal_id`,
  columns: (rows) => {
    const publishers = rows.map(({ publisher: key }) =>
      key === undefined ? undefined : ownerOfKey(key),
    );
    return [
      rows.map(({ topic }) => topic),
      rows.map(({ payload }) => payload),
      rows.map(({ qos }) => qos),
      rows.map(({ properties }) => toJson(properties)),
      rows.map(({ storedAtMs }) => toTime(storedAtMs)),
      publishers.map((publisher) => publisher?.clientId ?? null),
      publishers.map((publisher) => publisher?.principalId ?? null),
    ];
  },
  payloadBytes: ({ payload }) => payload.length,
};

/** Properties as they are stored: JSON, the one field of bytes as base64. Null for none. */
function toJson(properties: PublishProperties): string | null {
  const { correlationData, ...texts } = properties;
  if (correlationData !== undefined) {
    return JSON.stringify({
      ...texts,
      correlationData: Buffer.from(correlationData).toString('base64'),
    });
  }
  const json = JSON.stringify(texts);
  return json === '{}' ? null : json;
}

/** What `toJson` wrote, parsed. */
export function fromJson(
  stored: (Omit<PublishProperties, 'correlationData'> & { correlationData?: string }) | null,
): PublishProperties {
  const { correlationData, ...texts } = stored ?? {};
  if (correlationData === undefined) return texts;
  return { ...texts, correlationData: Buffer.from(correlationData, 'base64') };
}

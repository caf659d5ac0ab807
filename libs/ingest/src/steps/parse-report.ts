// Step 2 for what devices say of themselves: rare messages, so the contract's schemas judge them.
import {
  infoPayloadSchema,
  responsePayloadSchema,
  statePayloadSchema,
  statusPayloadSchema,
  type InfoPayload,
  type ResponsePayload,
  type StatePayload,
  type StatusPayload,
} from '@hearth/contracts';
import type { AddressedReport } from '../message.js';
import { isStorableText, readJson, readText } from '../payload-text.js';
import { quote, Refusal } from '../refusal.js';

type Report =
  | { readonly name: 'status'; readonly payload: StatusPayload }
  | { readonly name: 'info'; readonly payload: InfoPayload }
  | { readonly name: 'state'; readonly payload: StatePayload }
  | { readonly name: 'response'; readonly payload: ResponsePayload };

export interface ParsedReport {
  readonly addressed: AddressedReport;
  readonly report: Report;
}

/** The part of a zod schema that is used here; `libs/ingest` does not depend on zod. */
interface Schema<T> {
  safeParse(
    value: unknown,
  ):
    | { readonly success: true; readonly data: T }
    | { readonly success: false; readonly error: { readonly issues: readonly Issue[] } };
}
interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

const MAX_DETAIL_LENGTH = 200;

export function parseReport(addressed: AddressedReport): ParsedReport | Refusal {
  const text = readText(addressed.message.payload);
  if (text instanceof Refusal) return text;
  const report = toReport(addressed.name, text);
  return report instanceof Refusal ? report : { addressed, report };
}

function toReport(name: AddressedReport['name'], text: string): Report | Refusal {
  if (name === 'info') return toPayload(name, read(text, infoPayloadSchema));
  if (name === 'state') return toPayload(name, read(text, statePayloadSchema));
  if (name === 'response') return toPayload(name, read(text, responsePayloadSchema));
  const status = statusPayloadSchema.safeParse(text);
  if (status.success) return { name, payload: status.data };
  return new Refusal('wrong-shape', `status is ${quote(text)}, not online or offline`);
}

function toPayload<Name, Payload>(
  name: Name,
  payload: Payload | Refusal,
): { readonly name: Name; readonly payload: Payload } | Refusal {
  return payload instanceof Refusal ? payload : { name, payload };
}

function read<T>(text: string, schema: Schema<T>): T | Refusal {
  const json = readJson(text);
  if (json instanceof Refusal) return json;
  const parsed = schema.safeParse(json.json);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.map(String).join('.') ?? '';
    const detail = `${field === '' ? 'the payload' : quote(field)}: ${issue?.message ?? 'is wrong'}`;
    return new Refusal('wrong-shape', detail.slice(0, MAX_DETAIL_LENGTH).toWellFormed());
  }
  if (!hasStorableTexts(parsed.data)) {
    return new Refusal('text-not-storable', 'a text holds a NUL or half a character');
  }
  return parsed.data;
}

/** Postgres refuses a jsonb with NUL or half a surrogate pair anywhere in it. */
function hasStorableTexts(json: unknown): boolean {
  if (typeof json === 'string') return isStorableText(json);
  if (typeof json !== 'object' || json === null) return true;
  return Object.entries(json).every(
    ([key, value]) => isStorableText(key) && hasStorableTexts(value),
  );
}

// What runs on a board: what it is, what it measures, which commands it takes. Knows no MQTT.
import type { InfoPayload, StatePayload } from '@hearth/contracts';

export type Metrics = Readonly<Record<string, number | boolean>>;

/** What becomes of a command. `applied` means that it is in force when `command` returns. */
export type CommandOutcome = { status: 'applied' } | { status: 'rejected'; reason: string };

export interface Program {
  readonly info: InfoPayload;
  /** A value whose change is reported at once, not at the next regular report. */
  urgent?(): string | boolean;
  /** Current values, as its sensors show them. */
  measure(): Metrics;
  /** The reported twin, for devices that have one. */
  state?(): StatePayload;
  command?(name: string, args: Readonly<Record<string, unknown>>): CommandOutcome;
}

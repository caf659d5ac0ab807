import type { Accept } from '@hearth/mqtt-broker';

/** Takes every authorised message in. The promise settles when its readings are stored, and the acknowledgement waits for it. */
export interface Intake {
  readonly accept: Accept;
}

/** Injection token of `Intake`. */
export const INTAKE = Symbol('Intake');

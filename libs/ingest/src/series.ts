// One metric of one device, with what the pipeline remembers of it. Plain fields: read for every reading.
import type { Conversion, DeviceId, MetricKind } from '@hearth/contracts';

export class Series {
  /** 0 until its row exists. */
  id: number;
  readonly deviceId: DeviceId;
  readonly metric: string;
  readonly kind: MetricKind;
  /** Unit of the stored values; empty when nobody said. */
  unit: string;
  /** False while the row lacks what stands here (it is new, or its unit became known). */
  saved: boolean;
  /** From the unit that the device's `info` declares, for values that come without one. */
  declared: Conversion | undefined = undefined;
  /** Newest committed value; `latestTs` is -Infinity when there is none. */
  latestTs = -Infinity;
  latestValue: number | string = 0;
  /** Newest time that was handed to the store, committed or not: a later one cannot be a repetition. */
  newestTs = -Infinity;
  /** Text series: the value at `newestTs`, to write changes only. */
  newestText: string | undefined = undefined;
  /** Text series: the last time at which `newestText` was written; up to `newestTs` it was only repeated. */
  writtenTextTs = -Infinity;
  /** Last time given to a reading that had none, and when. */
  stampedTs = -Infinity;
  stampedAtMs = -Infinity;

  constructor(
    id: number,
    deviceId: DeviceId,
    metric: string,
    kind: MetricKind,
    unit: string,
    saved: boolean,
  ) {
    this.id = id;
    this.deviceId = deviceId;
    this.metric = metric;
    this.kind = kind;
    this.unit = unit;
    this.saved = saved;
  }
}

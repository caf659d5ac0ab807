// Units that devices declare of themselves and that nobody can convert. Pure.
import {
  findConversion,
  METRICS,
  type DeviceId,
  type InfoPayload,
  type UnknownUnit,
} from '@hearth/contracts';

/** The unit that the values of a metric of the device are kept in; undefined when there are none yet. */
type FindUnit = (metric: string) => string | undefined;

/** Those of one device; ingestion takes its values as if it had declared nothing. */
export function listUnknownUnits(
  deviceId: DeviceId,
  info: InfoPayload | undefined,
  findUnit: FindUnit,
): UnknownUnit[] {
  const found: UnknownUnit[] = [];
  for (const { name: metric, unit: declared } of info?.metrics ?? []) {
    if (declared === undefined || declared === '') continue;
    const known = METRICS.get(metric);
    if (known !== undefined && known.kind !== 'number') continue;
    const kept = known?.unit ?? findUnit(metric);
    if (kept === undefined || kept === '' || findConversion(declared, kept) !== undefined) continue;
    found.push({ deviceId, metric, declared, kept });
  }
  return found;
}

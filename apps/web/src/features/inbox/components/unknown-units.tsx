'use client';

import type { UnknownUnit } from '@hearth/contracts';
import Link from 'next/link';
import { metricLabel } from '../../../format/quantity';
import { useSenderName } from './sender';

/** Units that devices declare and that nobody can convert; nothing at all where all are understood. */
export function UnknownUnits({ units }: { units: readonly UnknownUnit[] }) {
  if (units.length === 0) return null;
  return (
    <section
      aria-labelledby="unknown-units-title"
      className="border-t border-line pt-3 first:border-none"
    >
      <h3 id="unknown-units-title" className="text-sm font-medium">
        Units not understood
      </h3>
      <ul className="divide-y divide-line text-sm">
        {units.map((unit) => (
          <Unit key={`${unit.deviceId} ${unit.metric}`} unit={unit} />
        ))}
      </ul>
    </section>
  );
}

function Unit({ unit: { deviceId, metric, declared, kept } }: { unit: UnknownUnit }) {
  return (
    <li className="py-2">
      <Link href={`/devices/${deviceId}?metric=${metric}`} className="text-accent-ink underline">
        {useSenderName(deviceId)}
      </Link>{' '}
      says that {metricLabel(metric)} is in <span className="font-mono break-all">{declared}</span>.
      That is taken for {kept}: correct it in the device’s info.
    </li>
  );
}

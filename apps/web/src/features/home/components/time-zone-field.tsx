'use client';

import type { ComponentProps } from 'react';
import { SelectField } from '../../../ui/field';

/** Zones by continent, so that the long list can be found one's way in. */
function zonesByRegion(current: string): [string, string[]][] {
  const groups = new Map<string, string[]>();
  for (const zone of ['UTC', ...Intl.supportedValuesOf('timeZone'), current]) {
    const region = zone.includes('/') ? zone.slice(0, zone.indexOf('/')) : 'Other';
    const group = groups.get(region);
    if (group === undefined) groups.set(region, [zone]);
    else if (!group.includes(zone)) group.push(zone);
  }
  return [...groups].sort(([a], [b]) => a.localeCompare(b));
}

function cityOf(zone: string): string {
  return zone
    .slice(zone.indexOf('/') + 1)
    .replaceAll('_', ' ')
    .replaceAll('/', ', ');
}

type TimeZoneFieldProps = Omit<ComponentProps<typeof SelectField>, 'label' | 'children'> & {
  /** The zone that is set now; in the list even when the browser calls it differently. */
  readonly current: string;
};

export function TimeZoneField({ current, ...props }: TimeZoneFieldProps) {
  return (
    <SelectField {...props} label="Time zone">
      {zonesByRegion(current).map(([region, zones]) => (
        <optgroup key={region} label={region}>
          {zones.map((zone) => (
            <option key={zone} value={zone}>
              {cityOf(zone)}
            </option>
          ))}
        </optgroup>
      ))}
    </SelectField>
  );
}

'use client';

import type { Device } from '@hearth/contracts';
import { Card, CardHeader } from '../../../ui/card';
import { useDeadLetterGroups } from '../letter-queries';
import { DeadLetterGroups } from './dead-letter-groups';

/** What this device sent that could not be understood; nothing at all where all was. */
export function DeviceDeadLetters({ device }: { device: Device }) {
  const filter = { deviceId: device.id };
  const { data } = useDeadLetterGroups(filter);
  if (data === undefined || data.newestId === null) return null;
  return (
    <Card aria-labelledby="dead-letters-title">
      <CardHeader
        id="dead-letters-title"
        title="Not understood"
        hint="Hearth acknowledged these messages and kept them, but could not make readings of them."
      />
      <div className="px-5 pb-2">
        <DeadLetterGroups groups={data.items} filter={filter} newestId={data.newestId} />
      </div>
    </Card>
  );
}

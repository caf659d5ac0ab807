'use client';

import type { Device } from '@hearth/contracts';
import { Card, CardHeader } from '../../../ui/card';
import { useDeadLetters } from '../queries';
import { DeadLetterGroups } from './dead-letter-groups';

/** What this device sent that could not be understood; nothing at all where all was. */
export function DeviceDeadLetters({ device }: { device: Device }) {
  const letters = useDeadLetters(device.id);
  if (letters.data === undefined || letters.data.length === 0) return null;
  return (
    <Card aria-labelledby="dead-letters-title">
      <CardHeader
        id="dead-letters-title"
        title="Not understood"
        hint="Hearth acknowledged these messages and kept them, but could not make readings of them."
      />
      <div className="px-5 pb-2">
        <DeadLetterGroups letters={letters.data} />
      </div>
    </Card>
  );
}

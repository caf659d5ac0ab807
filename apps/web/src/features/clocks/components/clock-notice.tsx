'use client';

import type { Device } from '@hearth/contracts';
import { Notice } from '../../../ui/notice';
import { offsetWords } from '../model';

/** Says that the clock of the device is wrong, while it is. */
export function ClockNotice({ device }: { device: Device }) {
  if (device.clockOffsetMs === null) return null;
  return (
    <Notice tone="warn" className="mb-4">
      The clock of this device is {offsetWords(device.clockOffsetMs)}. Its readings stand at the
      times that it gives them. Let it set its clock, for example by NTP.
    </Notice>
  );
}

'use client';

import { buildTopic, DEVICE_KIND_DEFINITIONS, type Device } from '@hearth/contracts';
import type { ReactNode } from 'react';
import { formatDuration } from '../../../format/time';
import { useNow } from '../../../live/use-now';
import { Card, CardHeader } from '../../../ui/card';
import { CopyButton } from '../../../ui/copy-button';
import { useFormat } from '../../home/home-context';

/** What the device is. */
export function DeviceFacts({ device }: { device: Device }) {
  const format = useFormat();
  const now = useNow(60_000);
  const topic = buildTopic('telemetry', device.id);
  const moment = (iso: string) => format.time.moment(Date.parse(iso), now);
  return (
    <Card aria-labelledby="facts-title">
      <CardHeader id="facts-title" title="About this device" />
      <dl className="px-5 pt-1 pb-4 text-sm">
        <Fact name="Kind">{DEVICE_KIND_DEFINITIONS[device.kind].label}</Fact>
        {device.simulated && <Fact name="Origin">Simulated</Fact>}
        <Fact name="Id and user name" mono copy={device.id} />
        <Fact name="Publishes to" mono copy={topic} />
        {device.model !== null && <Fact name="Model">{device.model}</Fact>}
        {device.firmware !== null && <Fact name="Firmware">{device.firmware}</Fact>}
        <Fact name="Reports every">
          {device.intervalSeconds === null
            ? 'it has not said'
            : formatDuration(device.intervalSeconds * 1_000)}
        </Fact>
        <Fact name="Last heard">
          {device.lastSeenAt === null ? 'never' : moment(device.lastSeenAt)}
        </Fact>
        <Fact name="Registered">{moment(device.createdAt)}</Fact>
      </dl>
    </Card>
  );
}

interface FactProps {
  readonly name: string;
  readonly children?: ReactNode;
  readonly mono?: boolean;
  /** Text to show and to copy, instead of children. */
  readonly copy?: string;
}

function Fact({ name, children, mono = false, copy }: FactProps) {
  return (
    <div className="flex min-h-9 items-center justify-between gap-4 border-b border-line py-1 last:border-none">
      <dt className="shrink-0 text-ink-2">{name}</dt>
      <dd className="flex min-w-0 items-center gap-1 text-right">
        <span className={mono ? 'font-mono break-all' : 'min-w-0 break-words'}>
          {copy ?? children}
        </span>
        {copy !== undefined && <CopyButton text={copy} what={name.toLowerCase()} />}
      </dd>
    </div>
  );
}

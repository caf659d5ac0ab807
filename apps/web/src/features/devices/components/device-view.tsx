'use client';

import { isDeviceId, type Device, type Series } from '@hearth/contracts';
import { Boxes } from 'lucide-react';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useEffect, useMemo, useState } from 'react';
import { formatDuration } from '../../../format/time';
import { useNow } from '../../../live/use-now';
import { ButtonLook } from '../../../ui/button';
import { EmptyState } from '../../../ui/empty-state';
import { Notice } from '../../../ui/notice';
import { PageHeader } from '../../../ui/page-header';
import { Skeleton } from '../../../ui/skeleton';
import { ThermostatCard } from '../../climate/components/thermostat-card';
import { ClockCard } from '../../clocks/components/clock-card';
import { ClockNotice } from '../../clocks/components/clock-notice';
import { CommandsCard } from '../../commands/components/commands-card';
import { useMay } from '../../home/home-context';
import { DeviceDeadLetters } from '../../inbox/components/device-dead-letters';
import { PresenceCard } from '../../presence/components/presence-card';
import { PresenceMark } from '../../presence/components/presence-mark';
import { worthTelling } from '../../presence/model';
import { HistoryCard } from '../../readings/components/history-card';
import { inDeviceOrder } from '../../readings/model';
import { useDevice } from '../queries';
import { DeviceFacts } from './device-facts';
import { DeviceSettings } from './device-settings';
import { DeviceValues } from './device-values';

/** One device: what it says now, what it said, whether it was there, what it was told. */
export function DeviceView({ deviceId }: { deviceId: string }) {
  const device = useDevice(deviceId);
  if (device.data !== undefined && device.data !== null)
    return <KnownDevice device={device.data} />;
  if (device.isPending) return <DeviceSkeleton />;
  if (device.isError) return <Notice tone="bad">{device.error.message}</Notice>;
  return (
    <EmptyState
      icon={Boxes}
      title="There is no such device"
      action={
        <ButtonLook variant="primary">
          <Link href="/devices">All devices</Link>
        </ButtonLook>
      }
    >
      {isDeviceId(deviceId) ? `No device is called ${deviceId}.` : 'That is no name of a device.'}{' '}
      It may have been deleted.
    </EmptyState>
  );
}

function KnownDevice({ device }: { device: Device }) {
  const may = useMay();
  const { series, chosen, choose } = useChosenSeries(device);
  useEffect(() => {
    document.title = `${device.name} · Hearth`;
  }, [device.name]);
  return (
    <>
      <PageHeader
        parent={{ href: '/devices', label: 'Devices' }}
        title={device.name}
        lead={<PresenceLine device={device} />}
      />
      <ClockNotice device={device} />
      <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="contents min-w-0 content-start gap-4 xl:grid">
          <DeviceValues device={device} series={series} chosen={chosen?.id} onChoose={choose} />
          {chosen !== undefined && <HistoryCard key={chosen.id} device={device} series={chosen} />}
          <PresenceCard device={device} />
          <ClockCard device={device} />
          <DeviceDeadLetters device={device} />
        </div>
        <div className="contents min-w-0 content-start gap-4 xl:grid">
          {device.climate !== null && (
            // Where there is one column, what can be steered stands first.
            <ThermostatCard device={device} className="-order-1 xl:order-none" />
          )}
          <CommandsCard device={device} />
          <DeviceFacts device={device} />
          {may.act && <DeviceSettings device={device} />}
        </div>
      </div>
    </>
  );
}

/** The series in order, and the one whose past is shown: the address names it. */
function useChosenSeries(device: Device) {
  const wanted = useSearchParams().get('metric');
  const [metric, setMetric] = useState(wanted);
  const series = useMemo(() => inDeviceOrder(device), [device]);
  const chosen = series.find((one) => one.metric === metric) ?? series[0];
  const choose = (one: Series) => {
    setMetric(one.metric);
    const address = new URL(window.location.href);
    address.searchParams.set('metric', one.metric);
    window.history.replaceState(null, '', address);
  };
  return { series, chosen, choose };
}

function PresenceLine({ device }: { device: Device }) {
  const now = useNow(1_000);
  const { presence } = device;
  const reason = worthTelling(presence);
  const since = now - Date.parse(presence.since);
  return (
    <span className="flex flex-wrap items-center gap-x-2" aria-live="polite">
      <PresenceMark state={presence.state} className="font-medium text-ink-0" />
      {presence.state !== 'never-seen' && (
        <span aria-live="off">for {formatDuration(since, since < 60_000 ? 'coarse' : 'fine')}</span>
      )}
      {reason !== undefined && <span className="text-ink-2">({reason})</span>}
    </span>
  );
}

function DeviceSkeleton() {
  return (
    <div aria-busy aria-label="Loading">
      <Skeleton className="mb-2 h-5 w-20" />
      <Skeleton className="mb-2 h-8 w-64" />
      <Skeleton className="mb-6 h-5 w-40" />
      <div className="grid gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="grid gap-4">
          <Skeleton className="h-24 rounded-card" />
          <Skeleton className="h-96 rounded-card" />
        </div>
        <Skeleton className="h-72 rounded-card" />
      </div>
    </div>
  );
}

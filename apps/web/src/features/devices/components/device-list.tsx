'use client';

import { DEVICE_KIND_DEFINITIONS, type Device, type Room } from '@hearth/contracts';
import { Boxes, Plus, Search } from 'lucide-react';
import Link from 'next/link';
import { memo, useId, useMemo, useState } from 'react';
import { formatAge, toMs } from '../../../format/time';
import { useNow } from '../../../live/use-now';
import { Button, ButtonLook } from '../../../ui/button';
import { Card } from '../../../ui/card';
import { cx } from '../../../ui/cx';
import { EmptyState } from '../../../ui/empty-state';
import { PageHeader } from '../../../ui/page-header';
import { QuantityText } from '../../../ui/quantity-text';
import { Segmented } from '../../../ui/segmented';
import { Skeleton } from '../../../ui/skeleton';
import { useFormat, useMay } from '../../home/home-context';
import { isSilent } from '../../home/model';
import { useRooms } from '../../home/queries';
import { PresenceMark } from '../../presence/components/presence-mark';
import { inListOrder, keySeries, matches, passes, type Filter } from '../model';
import { useDevices } from '../queries';
import { KindIcon } from './kind-icon';

/** Values in a device's line. */
const KEY_VALUES = 2;

const FILTER_LABELS: Readonly<Record<Filter, string>> = {
  all: 'All',
  online: 'Online',
  attention: 'Need a look',
  waiting: 'Not seen yet',
};

/** All devices, searchable; those that need a look first. */
export function DeviceList() {
  const devices = useDevices();
  const rooms = useRooms();
  const may = useMay();
  const [search, setSearch] = useState('');
  const [filter, setFilter] = useState<Filter>('all');
  const roomById = useMemo(
    () => new Map<string, Room>((rooms.data ?? []).map((room) => [room.id, room])),
    [rooms.data],
  );
  const all = devices.data ?? [];
  const found = inListOrder(
    all.filter(
      (device) =>
        passes(device, filter) && matches(device, roomById.get(device.roomId ?? ''), search.trim()),
    ),
  );
  const register = may.own && (
    <ButtonLook variant="primary">
      <Link href="/register">
        <Plus aria-hidden /> Register a device
      </Link>
    </ButtonLook>
  );
  if (devices.isSuccess && all.length === 0) {
    return (
      <>
        <PageHeader title="Devices" />
        <EmptyState icon={Boxes} title="No devices yet" action={register}>
          Everything that sends readings to Hearth is listed here, with its connection and its
          newest values.
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <PageHeader title="Devices" action={register} />
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <SearchField value={search} onChange={setSearch} />
        <Segmented
          label="Show"
          value={filter}
          onChange={setFilter}
          options={(Object.keys(FILTER_LABELS) as Filter[]).map((value) => ({
            value,
            label: (
              <>
                {FILTER_LABELS[value]}{' '}
                <span className="text-ink-2">
                  {all.filter((device) => passes(device, value)).length}
                </span>
              </>
            ),
          }))}
        />
      </div>
      {devices.isPending ? (
        <Skeleton className="h-96 rounded-card" />
      ) : (
        <Card aria-label="Devices">
          <ul className="divide-y divide-line">
            {found.map((device) => (
              <DeviceRow
                key={device.id}
                device={device}
                roomName={roomById.get(device.roomId ?? '')?.name}
              />
            ))}
          </ul>
          {found.length === 0 && (
            <div className="px-5 py-10 text-center text-ink-2">
              <p>No device is like that.</p>
              <Button
                className="mt-3"
                size="small"
                onClick={() => {
                  setSearch('');
                  setFilter('all');
                }}
              >
                Show all
              </Button>
            </div>
          )}
        </Card>
      )}
    </>
  );
}

function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const id = useId();
  return (
    <div className="relative min-w-0 flex-1 basis-56 sm:max-w-80">
      <label htmlFor={id} className="sr-only">
        Search devices
      </label>
      <Search aria-hidden className="absolute top-2.5 left-3 size-4 text-ink-2" />
      <input
        id={id}
        type="search"
        value={value}
        onChange={(event) => onChange(event.target.value)}
        placeholder="Search"
        className="h-9 w-full rounded-control border border-line-strong bg-surface-1 pr-3 pl-9"
      />
    </div>
  );
}

const DeviceRow = memo(function DeviceRow(props: { device: Device; roomName: string | undefined }) {
  const { device, roomName } = props;
  const format = useFormat();
  const now = useNow(10_000);
  const lastSeen = toMs(device.lastSeenAt);
  const silent = isSilent(device);
  return (
    <li>
      <Link
        href={`/devices/${device.id}`}
        className="grid grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-x-4 gap-y-1 px-5 py-3 transition-colors duration-150 hover:bg-surface-2 lg:grid-cols-[auto_minmax(0,1fr)_10rem_minmax(12rem,auto)_8rem]"
      >
        <span className="grid size-9 place-items-center rounded-full bg-surface-2 text-ink-1">
          <KindIcon kind={device.kind} className="size-4.5" />
        </span>
        <span className="min-w-0">
          <span className="block truncate font-medium">{device.name}</span>
          <span className="block truncate text-sm text-ink-2">
            {[roomName, DEVICE_KIND_DEFINITIONS[device.kind].label, device.simulated && 'simulated']
              .filter(Boolean)
              .join(' · ')}
          </span>
        </span>
        <PresenceMark state={device.presence.state} className="text-sm" />
        <span
          className={cx(
            'col-start-2 flex flex-wrap gap-x-4 lg:col-start-auto lg:justify-end',
            silent && 'opacity-45',
          )}
        >
          {keySeries(device, KEY_VALUES).map((series) => (
            <QuantityText key={series.id} {...format.latest(series)} />
          ))}
        </span>
        <span className="text-right text-sm text-ink-2">
          {lastSeen === undefined ? '' : formatAge(now - lastSeen)}
        </span>
      </Link>
    </li>
  );
});

'use client';

import type { Mapping, UnknownMetric } from '@hearth/contracts';
import Link from 'next/link';
import { useState } from 'react';
import { metricLabel } from '../../../format/quantity';
import { useNow } from '../../../live/use-now';
import { Button } from '../../../ui/button';
import { Card, CardHeader } from '../../../ui/card';
import { Notice } from '../../../ui/notice';
import { QuantityText } from '../../../ui/quantity-text';
import { useFormat, useMay } from '../../home/home-context';
import { useMappings } from '../mapping-queries';
import { useUnknownMetrics } from '../unknown-queries';
import { MappingDialog } from './mapping-dialog';
import { useSenderName } from './sender';
import { UnitDialog } from './unit-dialog';
import { UnknownUnits } from './unknown-units';

/** Devices of a metric that are listed; their pages show the rest. */
const MOST_SERIES = 5;

/** Metrics and units that Hearth does not know; nothing at all where it knows all. */
export function UnknownMetricsCard() {
  const { data, isError, error } = useUnknownMetrics();
  if (isError) return <Notice tone="bad">{error.message}</Notice>;
  if (data === undefined || data.items.length + data.units.length === 0) return null;
  return (
    <Card aria-labelledby="unknown-title">
      <CardHeader
        id="unknown-title"
        title="Metrics that Hearth does not know"
        hint="Kept as they are sent, without a label and a range of their own."
      />
      <div className="px-5 pt-1 pb-2">
        <ul className="divide-y divide-line">
          {data.items.map((metric) => (
            <Metric key={metric.metric} metric={metric} />
          ))}
        </ul>
        {data.isCut && <p className="py-3 text-sm text-ink-2">There are more than are listed.</p>}
        <UnknownUnits units={data.units} />
      </div>
    </Card>
  );
}

function Metric({ metric }: { metric: UnknownMetric }) {
  const { metric: name, suggestion, series } = metric;
  const may = useMay();
  const mapping = useMappings().data?.find((one) => namesMetric(one, name));
  const [isChanging, setChanging] = useState(false);
  return (
    <li className="py-3">
      <div className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <p className="font-mono text-sm break-all">{name}</p>
          {suggestion !== null && (
            <p className="text-sm text-ink-1">
              Perhaps {metricLabel(suggestion)}: then let{' '}
              {mapping === undefined ? 'the device' : 'the mapping'} call it{' '}
              <span className="font-mono">{suggestion}</span>.
            </p>
          )}
        </div>
        {may.act && mapping !== undefined && (
          <Button
            size="small"
            aria-label={`Change the mapping of ${name}`}
            onClick={() => setChanging(true)}
          >
            Change the mapping
          </Button>
        )}
      </div>
      <ul className="mt-1">
        {series.slice(0, MOST_SERIES).map((one) => (
          <OfDevice key={one.id} metric={name} series={one} />
        ))}
      </ul>
      {series.length > MOST_SERIES && (
        <p className="text-sm text-ink-2">and {series.length - MOST_SERIES} more devices</p>
      )}
      {isChanging && <MappingDialog mapping={mapping} onClose={() => setChanging(false)} />}
    </li>
  );
}

interface OfDeviceProps {
  readonly metric: string;
  readonly series: UnknownMetric['series'][number];
}

function OfDevice({ metric, series }: OfDeviceProps) {
  const format = useFormat();
  const now = useNow(60_000);
  const may = useMay();
  const name = useSenderName(series.deviceId);
  const [isSaying, setSaying] = useState(false);
  return (
    <li className="flex min-h-9 flex-wrap items-center gap-x-3 text-sm">
      <Link
        href={`/devices/${series.deviceId}?metric=${metric}`}
        className="text-accent-ink hover:underline"
      >
        {name}
      </Link>
      <QuantityText {...format.latest({ ...series, metric })} />
      <span className="flex-1 text-ink-2">
        since {format.time.moment(Date.parse(series.firstSeenAt), now)}
      </span>
      {may.act && series.kind === 'number' && series.unit === '' && (
        <Button
          size="small"
          variant="ghost"
          aria-label={`Say its unit: ${metric} of ${name}`}
          onClick={() => setSaying(true)}
        >
          Say its unit
        </Button>
      )}
      {isSaying && (
        <UnitDialog
          seriesId={series.id}
          metric={metric}
          deviceName={name}
          onClose={() => setSaying(false)}
        />
      )}
    </li>
  );
}

function namesMetric({ metrics }: Mapping, name: string): boolean {
  return metrics.some(({ metric }) => metric === name);
}

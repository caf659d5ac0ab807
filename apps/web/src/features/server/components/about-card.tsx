'use client';

import { CircleCheck, CircleX } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatNumber } from '../../../format/quantity';
import { Card, CardHeader } from '../../../ui/card';
import { Skeleton } from '../../../ui/skeleton';
import { formatBytes } from '../format-bytes';
import { useBrokerStats, useHealth, useIngestStats } from '../queries';

/** How the server is: version, health, what came in and what became of it. */
export function AboutCard() {
  const health = useHealth();
  return (
    <Card aria-labelledby="about-title">
      <CardHeader
        id="about-title"
        title="About this Hearth"
        hint={health.data === undefined ? undefined : `Version ${health.data.version}`}
      />
      <div className="grid gap-x-8 gap-y-5 px-5 pt-2 pb-5 sm:grid-cols-2">
        {health.data === undefined ? (
          <Skeleton className="h-16" />
        ) : (
          <Figures title="Health">
            <Figure name="Database" value={<UpOrDown state={health.data.database} />} />
            <Figure name="MQTT broker" value={<UpOrDown state={health.data.broker} />} />
          </Figures>
        )}
        <Latency />
        <Ingest />
        <Broker />
        <p className="text-sm text-ink-2 sm:col-span-2">
          Counted since the server was started.{' '}
          {/* oxlint-disable-next-line next/no-html-link-for-pages -- the api's page, not Next's */}
          <a
            href="/api/docs"
            className="text-accent-ink underline underline-offset-2 hover:text-ink-0"
          >
            API documentation
          </a>
        </p>
      </div>
    </Card>
  );
}

function Latency() {
  const stats = useIngestStats().data;
  if (stats === undefined) return <Skeleton className="h-16" />;
  const ms = (value: number | null) => (value === null ? '–' : `${value.toFixed(1)}\u202fms`);
  return (
    <Figures title="Stored and acknowledged within">
      <Figure name="Half of all messages" value={ms(stats.ackP50Ms)} />
      <Figure name="99 of 100" value={ms(stats.ackP99Ms)} />
    </Figures>
  );
}

function Ingest() {
  const stats = useIngestStats().data;
  if (stats === undefined) return <Skeleton className="h-40" />;
  return (
    <Figures title="Readings">
      <Figure name="Messages" value={count(stats.messages)} />
      <Figure name="Readings" value={count(stats.readings)} />
      <Figure name="Rows stored" value={count(stats.stored)} />
      <Figure name="Commits" value={count(stats.commits)} />
      <Figure name="Waiting" value={count(stats.waiting)} />
      {stats.droppedQos0 > 0 && <Figure name="QoS 0 dropped" value={count(stats.droppedQos0)} />}
      {stats.refused.map(({ step, code, count: times }) => (
        <Figure key={`${step}/${code}`} name={`Refused: ${code}`} value={count(times)} />
      ))}
    </Figures>
  );
}

function Broker() {
  const stats = useBrokerStats().data;
  if (stats === undefined) return <Skeleton className="h-40" />;
  const counters = (kind: string, numbers: Readonly<Record<string, number>>) =>
    Object.entries(numbers)
      .filter(([, times]) => times > 0)
      .map(([why, times]) => (
        <Figure key={`${kind}/${why}`} name={`${kind}: ${why}`} value={count(times)} />
      ));
  return (
    <Figures title="MQTT broker">
      <Figure name="Clients connected" value={count(stats.connections)} />
      <Figure name="Sessions" value={count(stats.sessions)} />
      <Figure name="Subscriptions" value={count(stats.subscriptions)} />
      <Figure name="Retained messages" value={count(stats.retained)} />
      <Figure
        name="Received"
        value={`${count(stats.messagesReceived)}, ${formatBytes(stats.bytesReceived)}`}
      />
      <Figure name="Sent" value={`${count(stats.messagesSent)}, ${formatBytes(stats.bytesSent)}`} />
      {stats.denied > 0 && <Figure name="Topics denied" value={count(stats.denied)} />}
      {counters('Refused', stats.refused)}
      {counters('Dropped', stats.dropped)}
    </Figures>
  );
}

function count(number: number): string {
  return formatNumber(number, 0);
}

function Figures({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section>
      <h3 className="text-sm font-medium">{title}</h3>
      <dl className="mt-1 text-sm">{children}</dl>
    </section>
  );
}

function Figure({ name, value }: { name: string; value: ReactNode }) {
  return (
    <div className="flex justify-between gap-4 border-b border-line py-1 last:border-none">
      <dt className="text-ink-2">{name}</dt>
      <dd className="text-right">{value}</dd>
    </div>
  );
}

function UpOrDown({ state }: { state: 'up' | 'down' }) {
  const Icon = state === 'up' ? CircleCheck : CircleX;
  return (
    <span className="inline-flex items-center gap-1.5">
      <Icon aria-hidden className={state === 'up' ? 'size-4 text-good' : 'size-4 text-bad'} />
      {state}
    </span>
  );
}

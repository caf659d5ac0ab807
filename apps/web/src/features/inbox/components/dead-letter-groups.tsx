'use client';

import type { DeadLetter } from '@hearth/contracts';
import { ChevronRight } from 'lucide-react';
import Link from 'next/link';
import { useMemo } from 'react';
import { formatAge } from '../../../format/time';
import { useNow } from '../../../live/use-now';
import { useDevices } from '../../devices/queries';
import { useFormat } from '../../home/home-context';
import { codeWords, groupDeadLetters, type DeadLetterGroup } from '../model';

/** Messages of a group that are shown in full. */
const MOST_SAMPLES = 5;

interface DeadLetterGroupsProps {
  readonly letters: readonly DeadLetter[];
  /** Leads to the devices that sent them; of no use on a device's own page. */
  readonly linkSenders?: boolean;
}

/** Dead letters by cause, each group with its newest messages. */
export function DeadLetterGroups({ letters, linkSenders = false }: DeadLetterGroupsProps) {
  const groups = useMemo(() => groupDeadLetters(letters), [letters]);
  return (
    <ul className="divide-y divide-line">
      {groups.map((group) => (
        <Group key={group.key} group={group} linkSenders={linkSenders} />
      ))}
    </ul>
  );
}

function Group({ group, linkSenders }: { group: DeadLetterGroup; linkSenders: boolean }) {
  const format = useFormat();
  const now = useNow(10_000);
  const [newest] = group.letters;
  if (newest === undefined) return null;
  return (
    <li>
      <details className="group">
        <summary className="flex list-none items-start gap-3 rounded-control py-3 [&::-webkit-details-marker]:hidden">
          <ChevronRight
            aria-hidden
            className="mt-1 size-4 shrink-0 text-ink-2 transition-transform duration-150 group-open:rotate-90"
          />
          <span className="min-w-0 flex-1">
            <span className="flex flex-wrap items-baseline justify-between gap-x-4">
              <span className="font-medium">{codeWords(group.code)}</span>
              <span className="text-sm text-ink-2">
                {group.letters.length > 1 && `${group.letters.length} messages, `}
                {formatAge(now - Date.parse(newest.receivedAt))}
              </span>
            </span>
            <span className="block font-mono text-sm break-all text-ink-1">{group.topic}</span>
            <span className="block text-sm text-ink-2">{newest.detail}</span>
          </span>
        </summary>
        <ul className="mb-4 ml-7 grid gap-2">
          {group.letters.slice(0, MOST_SAMPLES).map((letter) => (
            <li key={letter.id} className="rounded-control bg-surface-2 px-4 py-3">
              <p className="flex flex-wrap gap-x-4 text-sm text-ink-2">
                <span>{format.time.moment(Date.parse(letter.receivedAt), now)}</span>
                <span>{letter.payloadBytes} bytes</span>
                {letter.principalId !== null && (
                  <span>
                    from <Sender principalId={letter.principalId} linked={linkSenders} />
                  </span>
                )}
                <span>step {letter.step}</span>
              </p>
              {letter.detail !== newest.detail && <p className="text-sm">{letter.detail}</p>}
              <pre className="mt-1 max-h-40 overflow-auto font-mono text-sm break-all whitespace-pre-wrap">
                {letter.payloadText}
              </pre>
            </li>
          ))}
          {group.letters.length > MOST_SAMPLES && (
            <li className="text-sm text-ink-2">
              and {group.letters.length - MOST_SAMPLES} more like these
            </li>
          )}
        </ul>
      </details>
    </li>
  );
}

/** A device by its name, as a way to its page; an integration by its user name. */
function Sender({ principalId, linked }: { principalId: string; linked: boolean }) {
  const device = useDevices().data?.find((one) => one.id === principalId);
  if (device === undefined || !linked) return device?.name ?? principalId;
  return (
    <Link href={`/devices/${device.id}`} className="text-accent-ink hover:underline">
      {device.name}
    </Link>
  );
}

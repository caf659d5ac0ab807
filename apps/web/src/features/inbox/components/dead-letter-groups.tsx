'use client';

import type { DeadLetter, DeadLetterGroup } from '@hearth/contracts';
import { ChevronRight } from 'lucide-react';
import { useState } from 'react';
import { formatAge } from '../../../format/time';
import { useNow } from '../../../live/use-now';
import { Button } from '../../../ui/button';
import { Notice } from '../../../ui/notice';
import { Skeleton } from '../../../ui/skeleton';
import { useFormat, useMay } from '../../home/home-context';
import { useDeadLetters, type LetterFilter } from '../letter-queries';
import { describeRefusal } from '../refusal-words';
import { messages } from '../replay-words';
import { DeadLetterDialog } from './dead-letter-dialog';
import { LetterActions } from './letter-actions';
import { Sender, useSenderName } from './sender';

interface DeadLetterGroupsProps {
  readonly groups: readonly DeadLetterGroup[];
  /** What was searched for: actions on a group concern only what was found of it. */
  readonly filter: LetterFilter;
  /** Newest message that the groups know of: what came in since is left alone. */
  readonly newestId: string;
  /** Leads to the devices that sent them; of no use on a device's own page. */
  readonly linkSenders?: boolean;
}

/** Refused messages by cause, each group with what to do about it. */
export function DeadLetterGroups(props: DeadLetterGroupsProps) {
  const { groups, filter, newestId, linkSenders = false } = props;
  return (
    <ul className="divide-y divide-line">
      {groups.map((group) => (
        <Group
          key={`${group.code} ${group.principalId}`}
          group={group}
          linkSenders={linkSenders}
          filter={{
            ...filter,
            code: group.code,
            ...(group.principalId !== null && { principalId: group.principalId }),
          }}
          newestId={newestId}
        />
      ))}
    </ul>
  );
}

interface GroupProps {
  readonly group: DeadLetterGroup;
  readonly filter: LetterFilter;
  readonly newestId: string;
  readonly linkSenders: boolean;
}

function Group({ group, filter, newestId, linkSenders }: GroupProps) {
  const now = useNow(10_000);
  const may = useMay();
  const [isOpen, setIsOpen] = useState(false);
  const { sample, letters, topics } = group;
  const { title, advice } = describeRefusal(group.code);
  const who = useSenderName(group.principalId ?? '');
  return (
    <li>
      <details className="group" onToggle={(event) => setIsOpen(event.currentTarget.open)}>
        <summary className="flex list-none items-start gap-3 rounded-control py-3 [&::-webkit-details-marker]:hidden">
          <ChevronRight
            aria-hidden
            className="mt-1 size-4 shrink-0 text-ink-2 transition-transform duration-150 group-open:rotate-90"
          />
          <span className="min-w-0 flex-1">
            <span className="flex flex-wrap items-baseline justify-between gap-x-4">
              <span className="font-medium">{title}</span>
              <span className="text-sm text-ink-2">
                {letters > 1 && `${messages(letters)}, `}
                {formatAge(now - Date.parse(group.lastAt))}
              </span>
            </span>
            <span className="block font-mono text-sm break-all text-ink-1">{sample.topic}</span>
            <span className="block text-sm text-ink-2">
              {topics > 1 &&
                `and ${topics === 2 ? 'another topic' : `${topics - 1} other topics`}. `}
              {sample.detail}
            </span>
          </span>
        </summary>
        <div className="mb-4 ml-7 grid gap-3">
          <p className="text-sm">{advice}</p>
          <p className="text-sm text-ink-2">
            <Span group={group} now={now} /> From{' '}
            <Sender principalId={group.principalId ?? ''} linked={linkSenders} />.
            {group.cut > 0 && ` Of ${messages(group.cut)} only the first bytes were kept.`}
          </p>
          {may.act && (
            <div className="flex flex-wrap gap-2">
              <LetterActions
                target={{ filter: { ...filter, upTo: newestId } }}
                count={letters}
                which={`from ${who}`}
                canReplay={group.cut < letters}
              />
            </div>
          )}
          {isOpen && <Letters filter={filter} />}
        </div>
      </details>
    </li>
  );
}

/** From when to when they came. */
function Span({ group, now }: { group: DeadLetterGroup; now: number }) {
  const { time } = useFormat();
  const first = time.moment(Date.parse(group.firstAt), now);
  const last = time.moment(Date.parse(group.lastAt), now);
  return first === last ? `Received ${last}.` : `Received from ${first} to ${last}.`;
}

function Letters({ filter }: { filter: LetterFilter }) {
  const letters = useDeadLetters(filter);
  const [shown, setShown] = useState<DeadLetter>();
  return (
    <>
      {letters.isPending && <Skeleton className="h-16" />}
      {letters.isError && <Notice tone="bad">{letters.error.message}</Notice>}
      <ul className="grid gap-2">
        {letters.data?.map((letter) => (
          <li key={letter.id}>
            <LetterRow letter={letter} onOpen={() => setShown(letter)} />
          </li>
        ))}
      </ul>
      {letters.hasNextPage && (
        <div>
          <Button
            size="small"
            variant="ghost"
            busy={letters.isFetchingNextPage}
            onClick={() => void letters.fetchNextPage()}
          >
            Show older ones
          </Button>
        </div>
      )}
      {shown !== undefined && (
        <DeadLetterDialog letter={shown} onClose={() => setShown(undefined)} />
      )}
    </>
  );
}

/** The message in two lines; all of it on a click. */
function LetterRow({ letter, onOpen }: { letter: DeadLetter; onOpen: () => void }) {
  const { time } = useFormat();
  const now = useNow(60_000);
  return (
    <button
      type="button"
      onClick={onOpen}
      className="w-full rounded-control bg-surface-2 px-4 py-2.5 text-left transition-colors duration-150 hover:bg-surface-3"
    >
      <span className="flex flex-wrap gap-x-4 text-sm text-ink-2">
        <span>{time.moment(Date.parse(letter.receivedAt), now)}</span>
        <span className="font-mono break-all">{letter.topic}</span>
      </span>
      <span className="mt-0.5 block truncate font-mono text-sm">
        {letter.payloadText === '' ? 'empty' : letter.payloadText}
      </span>
    </button>
  );
}

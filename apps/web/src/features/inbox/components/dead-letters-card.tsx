'use client';

import { MailQuestion, Search } from 'lucide-react';
import { useState } from 'react';
import { Button } from '../../../ui/button';
import { Card, CardHeader } from '../../../ui/card';
import { Notice } from '../../../ui/notice';
import { SelectField, TextField } from '../../../ui/field';
import { Skeleton } from '../../../ui/skeleton';
import { serverNow } from '../../../live/server-clock';
import { useMay } from '../../home/home-context';
import { formatBytes } from '../../server/format-bytes';
import { useDeadLetterGroups, type LetterFilter } from '../letter-queries';
import { messages } from '../replay-words';
import { useSettled } from '../use-settled';
import { DeadLetterGroups } from './dead-letter-groups';
import { LetterActions } from './letter-actions';

const HOUR_MS = 3_600_000;
const PERIODS = [
  { name: 'Any time', ms: undefined },
  { name: 'Last hour', ms: HOUR_MS },
  { name: 'Last day', ms: 24 * HOUR_MS },
  { name: 'Last week', ms: 7 * 24 * HOUR_MS },
] as const;

/** Messages that were refused: searched, grouped by cause, replayed or deleted. */
export function DeadLettersCard() {
  const [text, setText] = useState('');
  const [period, setPeriod] = useState<{ name: string; from: number | undefined }>(ANY_TIME);
  const searched = useSettled(text.trim());
  const filter: LetterFilter = {
    ...(searched !== '' && { text: searched }),
    ...(period.from !== undefined && { from: period.from }),
  };
  const isSearch = Object.keys(filter).length > 0;
  const groups = useDeadLetterGroups(filter);
  const choosePeriod = (name: string) => {
    const ms = PERIODS.find((one) => one.name === name)?.ms;
    setPeriod({ name, from: ms === undefined ? undefined : Math.floor(serverNow()) - ms });
  };
  const hasLetters = groups.data !== undefined && groups.data.letters > 0;
  return (
    <Card aria-labelledby="letters-title">
      <CardHeader
        id="letters-title"
        title="Not understood"
        hint="Acknowledged and kept, with the reason."
      />
      <div className="px-5 pb-2">
        {(isSearch || text !== '' || hasLetters) && (
          <div className="grid gap-3 pt-2 pb-3 sm:grid-cols-[1fr_10rem]">
            <TextField
              type="search"
              label="Search"
              placeholder="Topic, reason or payload"
              value={text}
              maxLength={200}
              spellCheck={false}
              onChange={(event) => setText(event.target.value)}
            />
            <SelectField
              label="Received"
              value={period.name}
              onChange={(event) => choosePeriod(event.target.value)}
            >
              {PERIODS.map(({ name }) => (
                <option key={name}>{name}</option>
              ))}
            </SelectField>
          </div>
        )}
        {groups.isError && <Notice tone="bad">{groups.error.message}</Notice>}
        {groups.isPending && <Skeleton className="my-3 h-40" />}
        {groups.data?.letters === 0 && !isSearch && (
          <p className="flex items-center gap-3 py-4 text-sm text-ink-2">
            <MailQuestion aria-hidden className="size-5" strokeWidth={1.5} />
            Every message so far made sense.
          </p>
        )}
        {groups.data?.letters === 0 && isSearch && (
          <NothingFound
            onClear={() => {
              setText('');
              setPeriod(ANY_TIME);
            }}
          />
        )}
        {hasLetters && <Found groups={groups.data} filter={filter} isSearch={isSearch} />}
      </div>
    </Card>
  );
}

const ANY_TIME = { name: PERIODS[0].name, from: undefined };

function NothingFound({ onClear }: { onClear: () => void }) {
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-2 py-4 text-sm text-ink-2">
      <Search aria-hidden className="size-5" strokeWidth={1.5} />
      <p className="flex-1">No message that was not understood fits.</p>
      <Button size="small" onClick={onClear}>
        Show all
      </Button>
    </div>
  );
}

interface FoundProps {
  readonly groups: NonNullable<ReturnType<typeof useDeadLetterGroups>['data']>;
  readonly filter: LetterFilter;
  readonly isSearch: boolean;
}

function Found({ groups, filter, isSearch }: FoundProps) {
  const may = useMay();
  const { letters, bytes, keepDays } = groups;
  const newestId = groups.newestId ?? '0';
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2 border-b border-line pb-3">
        <p className="text-sm text-ink-2">
          {messages(letters)}
          {isSearch && ' found'}, {formatBytes(bytes)}. Kept for {keepDays} days.
        </p>
        {may.act && groups.items.length > 1 && (
          <div className="flex flex-wrap gap-2">
            <LetterActions
              target={{ filter: { ...filter, upTo: newestId } }}
              count={letters}
              which={isSearch ? 'that were found' : ''}
              all
            />
          </div>
        )}
      </div>
      <DeadLetterGroups groups={groups.items} filter={filter} newestId={newestId} linkSenders />
    </>
  );
}

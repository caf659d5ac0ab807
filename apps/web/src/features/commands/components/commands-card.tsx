'use client';

import type { Command, Device } from '@hearth/contracts';
import { SendHorizontal } from 'lucide-react';
import { useState } from 'react';
import { formatDuration } from '../../../format/time';
import { useNow } from '../../../live/use-now';
import { Button } from '../../../ui/button';
import { Card, CardHeader } from '../../../ui/card';
import { Notice } from '../../../ui/notice';
import { Skeleton } from '../../../ui/skeleton';
import { useFormat, useMay } from '../../home/home-context';
import { describeArguments } from '../model';
import { useCommands } from '../queries';
import { CommandSteps } from './command-steps';
import { SendCommandDialog } from './send-command-dialog';

/** Commands shown before one asks for more. */
const FEW = 4;

/** What this device was told, and what became of it. */
export function CommandsCard({ device }: { device: Device }) {
  const commands = useCommands(device.id);
  const may = useMay();
  const [showsAll, setShowsAll] = useState(false);
  const [sending, setSending] = useState(false);
  const items = commands.data ?? [];
  return (
    <Card aria-labelledby="commands-title">
      <CardHeader
        id="commands-title"
        title="Commands"
        action={
          may.act && (
            <Button size="small" onClick={() => setSending(true)}>
              <SendHorizontal aria-hidden /> Send a command
            </Button>
          )
        }
      />
      <div className="px-5 pb-4">
        {commands.isPending && <Skeleton className="my-2 h-16" />}
        {commands.isError && <Notice tone="bad">{commands.error.message}</Notice>}
        {commands.data?.length === 0 && (
          <p className="py-2 text-sm text-ink-2">Nobody has told this device anything yet.</p>
        )}
        <ul className="divide-y divide-line">
          {items.slice(0, showsAll ? items.length : FEW).map((command) => (
            <CommandItem key={command.id} command={command} />
          ))}
        </ul>
        {!showsAll && items.length > FEW && (
          <Button size="small" variant="ghost" onClick={() => setShowsAll(true)}>
            Show all {items.length}
          </Button>
        )}
      </div>
      <SendCommandDialog device={device} open={sending} onOpenChange={setSending} />
    </Card>
  );
}

function CommandItem({ command }: { command: Command }) {
  const format = useFormat();
  const now = useNow(5_000);
  const took =
    command.finishedAt === null
      ? undefined
      : Date.parse(command.finishedAt) - Date.parse(command.createdAt);
  return (
    <li className="py-3">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <p className="min-w-0 break-words">
          <span className="font-medium">{command.name}</span>{' '}
          <span className="text-ink-1">{describeArguments(command.args)}</span>
        </p>
        <p className="text-sm text-ink-2">
          {format.time.moment(Date.parse(command.createdAt), now)}, {command.requestedBy}
          {command.status === 'applied' &&
            took !== undefined &&
            `, took ${took < 1_000 ? `${took}\u202fms` : formatDuration(took)}`}
        </p>
      </div>
      <div className="mt-1.5">
        <CommandSteps command={command} />
      </div>
    </li>
  );
}

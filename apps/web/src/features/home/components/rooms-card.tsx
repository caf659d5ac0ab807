'use client';

import { roomCreateSchema, type Room } from '@hearth/contracts';
import { Check, Pencil, Plus, Trash2, X } from 'lucide-react';
import { useId, useState, type FormEvent } from 'react';
import { toast } from 'sonner';
import { Button } from '../../../ui/button';
import { Card, CardHeader } from '../../../ui/card';
import { ConfirmDialog } from '../../../ui/confirm-dialog';
import { Skeleton } from '../../../ui/skeleton';
import { useMay } from '../home-context';
import { useCreateRoom, useDeleteRoom, useRenameRoom, useRooms } from '../queries';

const INPUT =
  'h-9 w-full min-w-0 rounded-control border border-line-strong bg-surface-1 px-3 aria-invalid:border-bad';

/** The rooms: add, rename, remove. */
export function RoomsCard() {
  const rooms = useRooms();
  const may = useMay();
  return (
    <Card aria-labelledby="rooms-title">
      <CardHeader id="rooms-title" title="Rooms" />
      <div className="px-5 pb-4">
        {rooms.data === undefined ? (
          <Skeleton className="h-32" />
        ) : (
          <>
            {rooms.data.length === 0 && (
              <p className="py-2 text-sm text-ink-2">
                Rooms group devices on the home page. Add the first one.
              </p>
            )}
            <ul className="divide-y divide-line">
              {rooms.data.map((room) => (
                <RoomRow key={room.id} room={room} />
              ))}
            </ul>
            {may.act && <AddRoom />}
          </>
        )}
      </div>
    </Card>
  );
}

/** The first thing that is wrong with a name, by the contract. */
function faultOf(name: string): string | undefined {
  const parsed = roomCreateSchema.safeParse({ name });
  return parsed.success
    ? undefined
    : `The name ${parsed.error.issues[0]?.message ?? 'is not valid'}`;
}

function AddRoom() {
  const create = useCreateRoom();
  const [name, setName] = useState('');
  const [fault, setFault] = useState<string>();
  const faultId = useId();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = faultOf(name);
    setFault(found);
    if (found !== undefined) return;
    create.mutate(name.trim(), { onSuccess: () => setName('') });
  };
  return (
    <form onSubmit={submit} noValidate className="mt-3">
      <div className="flex gap-2">
        <input
          aria-label="Name of a new room"
          aria-invalid={fault !== undefined}
          aria-describedby={fault === undefined ? undefined : faultId}
          value={name}
          onChange={(event) => setName(event.target.value)}
          placeholder="New room"
          className={INPUT}
        />
        <Button type="submit" className="h-9" busy={create.isPending}>
          <Plus aria-hidden /> Add
        </Button>
      </div>
      {fault !== undefined && (
        <p id={faultId} role="alert" className="mt-1 text-sm text-bad">
          {fault}
        </p>
      )}
    </form>
  );
}

function RoomRow({ room }: { room: Room }) {
  const may = useMay();
  const remove = useDeleteRoom();
  const [mode, setMode] = useState<'read' | 'rename' | 'delete'>('read');
  const read = () => setMode('read');
  const devices = `${room.deviceCount} ${room.deviceCount === 1 ? 'device' : 'devices'}`;
  return (
    <li className="flex min-h-12 items-center gap-2 py-1">
      {mode === 'rename' ? (
        <RenameRoom room={room} onDone={read} />
      ) : (
        <>
          <span className="min-w-0 flex-1 truncate">
            {room.name} <span className="text-sm text-ink-2">{devices}</span>
          </span>
          {may.act && (
            <>
              <Button
                size="iconSmall"
                variant="ghost"
                aria-label={`Rename ${room.name}`}
                onClick={() => setMode('rename')}
              >
                <Pencil aria-hidden />
              </Button>
              <Button
                size="iconSmall"
                variant="ghost"
                aria-label={`Delete ${room.name}`}
                onClick={() => setMode('delete')}
              >
                <Trash2 aria-hidden />
              </Button>
            </>
          )}
        </>
      )}
      <ConfirmDialog
        open={mode === 'delete'}
        onOpenChange={read}
        title={`Delete ${room.name}?`}
        action="Delete room"
        onConfirm={async () => {
          await remove.mutateAsync(room.id);
          toast.success(`${room.name} is deleted`);
        }}
      >
        {room.deviceCount === 0
          ? 'No device is in it.'
          : room.deviceCount === 1
            ? 'Its device stays, with all readings, but belongs to no room.'
            : `Its ${devices} stay, with all readings, but belong to no room.`}
      </ConfirmDialog>
    </li>
  );
}

function RenameRoom({ room, onDone }: { room: Room; onDone: () => void }) {
  const rename = useRenameRoom();
  const [name, setName] = useState(room.name);
  const fault = faultOf(name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (fault !== undefined) return;
    rename.mutate({ id: room.id, name: name.trim() }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={submit} noValidate className="flex flex-1 items-center gap-1">
      <input
        aria-label={`New name of ${room.name}`}
        aria-invalid={fault !== undefined}
        value={name}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') onDone();
        }}
        className={INPUT}
      />
      <Button
        type="submit"
        size="iconSmall"
        variant="ghost"
        aria-label="Save name"
        disabled={fault !== undefined}
        busy={rename.isPending}
      >
        <Check aria-hidden />
      </Button>
      <Button size="iconSmall" variant="ghost" aria-label="Keep the old name" onClick={onDone}>
        <X aria-hidden />
      </Button>
    </form>
  );
}

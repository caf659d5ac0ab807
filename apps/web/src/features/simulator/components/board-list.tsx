'use client';

import { SIMULATION_CONTROLLER_ID, type Device, type SimulatorStatus } from '@hearth/contracts';
import { useMemo } from 'react';
import { useNow } from '../../../live/use-now';
import { Card } from '../../../ui/card';
import { useCommands } from '../../commands/queries';
import { useDevices } from '../../devices/queries';
import { useMay } from '../../home/home-context';
import { useRooms } from '../../home/queries';
import { boardsOf, describeFault, lastingOutage, outagesOf } from '../model';
import { useFault } from '../queries';
import { useFaultResults } from '../use-fault-results';
import { BoardRow } from './board-row';

interface BoardListProps {
  readonly status: SimulatorStatus;
  /** The house listens: plugs can be pulled. */
  readonly awake: boolean;
}

/** The simulated devices, and the plug of each. */
export function BoardList({ status, awake }: BoardListProps) {
  const devices = useDevices();
  const rooms = useRooms();
  const commands = useCommands(SIMULATION_CONTROLLER_ID);
  const fault = useFault();
  const tellResult = useFaultResults();
  const may = useMay();
  const now = useNow(1_000);
  const deviceById = useMemo(
    () => new Map<string, Device>((devices.data ?? []).map((device) => [device.id, device])),
    [devices.data],
  );
  const roomNames = useMemo(
    () => new Map<string, string>((rooms.data ?? []).map((room) => [room.id, room.name])),
    [rooms.data],
  );
  const outages = outagesOf(commands.data ?? [], now);

  const inflict = (board: SimulatorStatus['devices'][number]) => {
    return async (name: 'power-cut' | 'power-restore', seconds?: number) => {
      const { command } = await fault.mutateAsync({
        deviceId: board.id,
        fault: name,
        ...(seconds !== undefined && { seconds }),
      });
      tellResult(command, describeFault({ name, deviceId: board.id, seconds }, board.name));
    };
  };

  return (
    <>
      {awake && (
        <p className="mb-3 max-w-prose text-sm text-ink-2">
          Cutting the power ends the connection without a goodbye, as a pulled plug does. Watch how
          long Hearth takes to notice, and what was kept when the device is back.
        </p>
      )}
      <Card aria-label="Simulated devices" className="max-w-4xl">
        <ul className="divide-y divide-line">
          {boardsOf(status).map((board) => {
            const device = deviceById.get(board.id);
            return (
              <BoardRow
                key={board.id}
                board={board}
                presence={device?.presence}
                roomName={roomNames.get(device?.roomId ?? '')}
                outage={awake ? lastingOutage(outages.get(board.id), device?.presence) : undefined}
                onFault={awake && may.act ? inflict(board) : undefined}
              />
            );
          })}
        </ul>
      </Card>
    </>
  );
}

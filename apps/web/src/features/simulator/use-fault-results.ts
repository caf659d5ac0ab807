'use client';

import { SIMULATION_CONTROLLER_ID, type Command } from '@hearth/contracts';
import { useEffect, useRef } from 'react';
import { toast } from 'sonner';
import { describeCommand, isUnderWay } from '../commands/model';
import { useCommands } from '../commands/queries';

/** Says how the faults made on this page ended: a toast each, once the house has answered. */
export function useFaultResults(): (command: Command, success: string) => void {
  const commands = useCommands(SIMULATION_CONTROLLER_ID);
  const waiting = useRef(new Map<string, string>());
  useEffect(() => {
    for (const command of commands.data ?? []) {
      const success = waiting.current.get(command.id);
      if (success === undefined || isUnderWay(command)) continue;
      waiting.current.delete(command.id);
      if (command.status === 'applied') toast.success(success);
      else toast.error(`The simulated house did not do it: ${describeCommand(command)}`);
    }
  }, [commands.data]);
  return (command, success) => {
    waiting.current.set(command.id, success);
  };
}

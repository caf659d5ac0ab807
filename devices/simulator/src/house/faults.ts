// What the house controller does to the other boards when it is told to.
import { z } from 'zod';
import { deviceIdSchema } from '@hearth/contracts';
import type { CommandOutcome } from '../device/program.js';

const FAULTS = ['power-cut', 'power-restore', 'wifi-drop', 'wifi-restore'] as const;
const faultSchema = z.enum(FAULTS);
export type Fault = z.infer<typeof faultSchema>;

const MAX_FAULT_SECONDS = 86_400;

const argsSchema = z.object({
  device: deviceIdSchema,
  seconds: z.number().min(1).max(MAX_FAULT_SECONDS).optional(),
});

/** The fault that undoes this one; undefined for one that undoes another. */
export const UNDONE_BY: Readonly<Record<Fault, Fault | undefined>> = {
  'power-cut': 'power-restore',
  'power-restore': undefined,
  'wifi-drop': 'wifi-restore',
  'wifi-restore': undefined,
};

/** Does it; false when the house has no such device that can be treated so. */
export type InflictFault = (fault: Fault, deviceId: string, seconds: number | undefined) => boolean;

/** Runs a command of the controller. */
export function runFaultCommand(
  name: string,
  args: Readonly<Record<string, unknown>>,
  inflict: InflictFault,
): CommandOutcome {
  const fault = faultSchema.safeParse(name);
  if (!fault.success) return { status: 'rejected', reason: `unknown command ${name}` };
  const parsed = argsSchema.safeParse(args);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    return { status: 'rejected', reason: `${issue?.path.join('.') ?? 'args'}: ${issue?.message}` };
  }
  const { device, seconds } = parsed.data;
  if (inflict(fault.data, device, seconds)) return { status: 'applied' };
  return { status: 'rejected', reason: `the house cannot do ${name} to ${device}` };
}

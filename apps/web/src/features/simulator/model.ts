// What the simulated house is doing, and which of its devices have no power. Pure.
import {
  SIMULATION_CONTROLLER_ID,
  type Command,
  type Presence,
  type SimulatorStatus,
} from '@hearth/contracts';

/** `elsewhere`: it runs, but nobody started it from the dashboard, and so it cannot be stopped here. */
export type Phase = 'never' | 'stopped' | 'starting' | 'running' | 'elsewhere';

export function phaseOf({ running, devices }: SimulatorStatus): Phase {
  const controller = devices.find((device) => device.id === SIMULATION_CONTROLLER_ID);
  if (running) return controller?.online === true ? 'running' : 'starting';
  if (controller?.online === true) return 'elsewhere';
  return devices.length === 0 ? 'never' : 'stopped';
}

/** Everything of the house but the controller, which has no plug that could be pulled. */
export function boardsOf({ devices }: SimulatorStatus): SimulatorStatus['devices'] {
  return devices.filter((device) => device.id !== SIMULATION_CONTROLLER_ID);
}

/** A fault as the controller was told it. */
export interface Fault {
  readonly name: 'power-cut' | 'power-restore';
  readonly deviceId: string;
  /** Undefined: until restored. */
  readonly seconds: number | undefined;
}

/** Undefined for commands that are no faults of a power supply. */
export function faultOf({ name, args }: Pick<Command, 'name' | 'args'>): Fault | undefined {
  if (name !== 'power-cut' && name !== 'power-restore') return undefined;
  const deviceId = Object.hasOwn(args, 'device') ? args['device'] : undefined;
  const seconds = Object.hasOwn(args, 'seconds') ? args['seconds'] : undefined;
  if (typeof deviceId !== 'string') return undefined;
  return { name, deviceId, seconds: typeof seconds === 'number' ? seconds : undefined };
}

/** A power cut that was made and, as far as is known, still lasts. Epoch milliseconds; `until` null when it waits to be restored. */
export interface Outage {
  readonly since: number;
  readonly until: number | null;
}

/** The newest word about every device's power: an outage, or nothing when its power is there. */
export function outagesOf(commands: readonly Command[], now: number): Map<string, Outage> {
  const outages = new Map<string, Outage>();
  const decided = new Set<string>();
  const newestFirst = [...commands].sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  for (const command of newestFirst) {
    const fault = command.status === 'applied' ? faultOf(command) : undefined;
    if (fault === undefined || decided.has(fault.deviceId)) continue;
    decided.add(fault.deviceId);
    if (fault.name === 'power-restore') continue;
    const since = Date.parse(command.finishedAt ?? command.createdAt);
    const until = fault.seconds === undefined ? null : since + fault.seconds * 1_000;
    if (until === null || until > now) outages.set(fault.deviceId, { since, until });
  }
  return outages;
}

/**
 * The outage that a device really has. One that connected after its power was cut has power again,
 * whoever gave it back: a restarted house begins with all plugs in.
 */
export function lastingOutage(
  outage: Outage | undefined,
  presence: Presence | undefined,
): Outage | undefined {
  if (outage === undefined || presence === undefined) return outage;
  const cameBack = presence.state === 'online' && Date.parse(presence.since) > outage.since;
  return cameBack ? undefined : outage;
}

/** What was done, for the toast and the log: `Kitchen climate has no power for 10 seconds`. */
export function describeFault({ name, seconds }: Fault, deviceName: string): string {
  if (name === 'power-restore') return `${deviceName} has power again`;
  if (seconds === undefined) return `${deviceName} has no power until you restore it`;
  return `${deviceName} has no power for ${describeSeconds(seconds)}`;
}

function describeSeconds(seconds: number): string {
  if (seconds % 60 !== 0) return `${seconds} seconds`;
  return seconds === 60 ? '1 minute' : `${seconds / 60} minutes`;
}

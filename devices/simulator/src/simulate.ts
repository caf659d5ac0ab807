// The two things that `simulate` does: run a house until told to stop, or replay a folder of recorded data.
import { SIMULATION_CONTROLLER_ID } from '@hearth/contracts';
import { systemClock } from './clock.js';
import { HOUSE } from './house/house.js';
import { devicesOf, MAX_HISTORY_HOURS, RunningHouse } from './house/run-house.js';
import { isUnknownDevice, provision, type Access } from './provision.js';

export interface SimulateOptions extends Access {
  readonly seed: number;
  /** House time per wall time, 1 to `MAX_SPEED`. */
  readonly speed: number;
  /** Hours of past readings to publish first; undefined for 24 in a home that has not seen this house yet, else none. */
  readonly historyHours: number | undefined;
}

/** Writes one line for the person who watches. */
export type Print = (line: string) => void;

function utcOffsetMs(nowMs: number): number {
  return -new Date(nowMs).getTimezoneOffset() * 60_000;
}

/** Runs the house until `stop` is aborted; resolves when every device has said goodbye. Throws `SimulatorError` when it cannot begin. */
export async function simulateHouse(
  options: SimulateOptions,
  stop: AbortSignal,
  print: Print,
): Promise<void> {
  const isNew =
    options.historyHours === undefined &&
    (await isUnknownDevice(options, SIMULATION_CONTROLLER_ID));
  const { brokerUrl, secrets } = await provision(options, devicesOf(HOUSE));
  const house = new RunningHouse({
    house: HOUSE,
    seed: options.seed,
    speed: options.speed,
    historyHours: options.historyHours ?? (isNew ? MAX_HISTORY_HOURS : 0),
    utcOffsetMs: utcOffsetMs(systemClock.now()),
    brokerUrl,
    secrets,
    clock: systemClock,
    report: (deviceId, text) => print(`${deviceId} ${text}`),
  });
  print(`a house of ${HOUSE.boards.length} devices, seed ${options.seed}, at ${brokerUrl}`);
  if (!stop.aborted) {
    house.start();
    await new Promise<void>((resolve) => {
      stop.addEventListener('abort', () => resolve(), { once: true });
    });
  }
  await house.stop();
  print('all devices said goodbye');
}

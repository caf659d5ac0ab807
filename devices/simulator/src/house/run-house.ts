// A simulated house that lives: the model, one device per board, and the clock that drives both.
import { SIMULATION_CONTROLLER_ID, type SimulatedDevice as Wanted } from '@hearth/contracts';
import type { Cancel, Clock } from '../clock.js';
import { houseTime } from '../clock.js';
import { SimulatedDevice } from '../device/simulated-device.js';
import type { Program } from '../device/program.js';
import { HouseModel, STEP_MS } from '../model/house-model.js';
import { hash, Random } from '../random.js';
import { runFaultCommand, UNDONE_BY, type Fault } from './faults.js';
import { roomNameOf, type Board, type House } from './house.js';
import { programsOf } from './programs.js';

/** How often the house looks at itself, wall milliseconds. */
const TICK_MS = 500;
/** The model lives this long before the first reading, so that its temperatures follow from the weather and not from a guess. */
const SPIN_UP_MS = 24 * 3_600_000;
/** Distance of the readings that are remembered from before the start. */
const HISTORY_STEP_MS = 5 * 60_000;
/** Longest past that a house can bring along: what fits into an outbox. */
export const MAX_HISTORY_HOURS = 24;

export interface RunHouseOptions {
  readonly house: House;
  readonly seed: number;
  /** House time per wall time. */
  readonly speed: number;
  /** Hours before the start of which readings are published as a backfill, 0 to 24. */
  readonly historyHours: number;
  readonly utcOffsetMs: number;
  readonly brokerUrl: string;
  readonly secrets: ReadonlyMap<string, string>;
  readonly clock: Clock;
  readonly report: (deviceId: string, text: string) => void;
}

/** What to register so that a house can run. */
export function devicesOf(house: House): Wanted[] {
  return house.boards.map((board) => ({
    id: board.id,
    name: board.name,
    kind: board.kind,
    room: roomNameOf(house, board),
  }));
}

export class RunningHouse {
  readonly model: HouseModel;
  readonly #options: RunHouseOptions;
  readonly #devices: ReadonlyMap<string, SimulatedDevice>;
  readonly #houseTime: (wallMs: number) => number;
  readonly #restores = new Map<string, Cancel>();
  #cancelTick: Cancel | undefined;

  constructor(options: RunHouseOptions) {
    this.#options = options;
    const startMs = options.clock.now();
    this.#houseTime = houseTime(startMs, options.speed);
    const { house, seed, utcOffsetMs } = options;
    this.model = new HouseModel({ house, seed, startMs: startMs - SPIN_UP_MS, utcOffsetMs });
    const programs = programsOf(house, this.model, (board) => hash(seed, board.id));
    this.#devices = new Map(
      house.boards.map((board) => [board.id, this.#deviceFor(board, programs)]),
    );
    this.#spinUp(startMs);
  }

  device(id: string): SimulatedDevice | undefined {
    return this.#devices.get(id);
  }

  start(): void {
    for (const device of this.#devices.values()) device.powerOn();
    this.#tick();
  }

  /** Every device says goodbye. Resolves when all sockets are closed. */
  async stop(): Promise<void> {
    this.#cancelTick?.();
    this.#cancelTick = undefined;
    for (const cancel of this.#restores.values()) cancel();
    this.#restores.clear();
    await Promise.all([...this.#devices.values()].map((device) => device.stop()));
  }

  /** False when there is no such device, or it is the controller itself. */
  inflict(fault: Fault, deviceId: string, seconds?: number): boolean {
    const device = this.#devices.get(deviceId);
    if (device === undefined || deviceId === SIMULATION_CONTROLLER_ID) return false;
    const undoneBy = UNDONE_BY[fault];
    const key = `${undoneBy ?? fault} ${deviceId}`;
    this.#restores.get(key)?.();
    this.#restores.delete(key);
    this.#do(fault, device);
    if (undoneBy !== undefined && seconds !== undefined) {
      const restore = () => this.inflict(undoneBy, deviceId);
      this.#restores.set(key, this.#options.clock.after(seconds * 1_000, restore));
    }
    this.#options.report(deviceId, seconds === undefined ? fault : `${fault} for ${seconds} s`);
    return true;
  }

  #do(fault: Fault, device: SimulatedDevice): void {
    switch (fault) {
      case 'power-cut':
        device.powerCut();
        this.model.setPowered(device.deviceId, false);
        break;
      case 'power-restore':
        this.model.setPowered(device.deviceId, true);
        device.powerOn();
        break;
      case 'wifi-drop':
        device.wifiDrop();
        break;
      case 'wifi-restore':
        device.wifiRestore();
        break;
    }
  }

  #deviceFor(board: Board, programs: ReadonlyMap<string, Program>): SimulatedDevice {
    const { seed, brokerUrl, secrets, clock, report } = this.#options;
    const program = programs.get(board.id);
    const secret = secrets.get(board.id);
    if (program === undefined || secret === undefined) throw new Error(`no secret for ${board.id}`);
    return new SimulatedDevice({
      brokerUrl,
      deviceId: board.id,
      secret,
      intervalSeconds: board.intervalSeconds,
      sleeps: board.sleeps === true,
      program: board.kind === 'controller' ? this.#withFaults(program) : program,
      clock,
      random: new Random(hash(seed, board.id, 'link')),
      report: (text) => report(board.id, text),
    });
  }

  #withFaults(program: Program): Program {
    return {
      ...program,
      command: (name, args) =>
        runFaultCommand(name, args, (fault, deviceId, seconds) =>
          this.inflict(fault, deviceId, seconds),
        ),
    };
  }

  #spinUp(startMs: number): void {
    const hours = Math.min(this.#options.historyHours, MAX_HISTORY_HOURS);
    const rememberFromMs = startMs - hours * 3_600_000;
    while (this.model.nowMs + STEP_MS <= startMs) {
      this.model.advanceTo(this.model.nowMs + STEP_MS);
      const { nowMs } = this.model;
      if (nowMs < rememberFromMs || nowMs >= startMs || nowMs % HISTORY_STEP_MS !== 0) continue;
      for (const device of this.#devices.values()) device.remember(nowMs);
    }
  }

  #tick(): void {
    this.model.advanceTo(this.#houseTime(this.#options.clock.now()));
    for (const device of this.#devices.values()) device.tick();
    this.#cancelTick = this.#options.clock.after(TICK_MS, () => this.#tick());
  }
}

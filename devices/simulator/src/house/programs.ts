// The program of each board of the house: what it is, what it measures, and how a thermostat obeys.
import {
  climateChangeSchema,
  findClimateFaults,
  METRICS,
  modeUsesTarget,
  type ClimateCapabilities,
  type InfoPayload,
} from '@hearth/contracts';
import type { CommandOutcome, Metrics, Program } from '../device/program.js';
import type { HouseModel } from '../model/house-model.js';
import { climateStateOf } from '../model/thermostat.js';
import { Random } from '../random.js';
import type { Board, House, ThermostatBoard } from './house.js';
import { radio, round, sensorOf } from './sensors.js';

const FIRMWARE = '0.1.0';

/** What the heat pumps of the house can do, in steps of half a degree. */
const CAPABILITIES: ClimateCapabilities = {
  modes: ['off', 'heat', 'cool', 'heat_cool'],
  minTarget: 7,
  maxTarget: 30,
  step: 0.5,
  deadband: 1,
};

function infoOf(board: Board, metrics: Metrics): InfoPayload {
  return {
    model: board.model,
    firmware: FIRMWARE,
    interval: board.intervalSeconds,
    sleeps: board.sleeps === true,
    metrics: Object.keys(metrics).map((name) => ({ name, unit: METRICS.get(name)?.unit ?? '' })),
  };
}

function applyClimate(
  board: ThermostatBoard,
  model: HouseModel,
  args: Readonly<Record<string, unknown>>,
): CommandOutcome {
  const parsed = climateChangeSchema.safeParse(args);
  if (!parsed.success) {
    return { status: 'rejected', reason: parsed.error.issues[0]?.message ?? 'malformed' };
  }
  const change = parsed.data;
  const before = model.thermostat(board.id).settings;
  const settings = {
    mode: change.mode ?? before.mode,
    target: change.target ?? before.target,
    targetLow: change.target_low ?? before.targetLow,
    targetHigh: change.target_high ?? before.targetHigh,
  };
  const bounds = { target_low: settings.targetLow, target_high: settings.targetHigh };
  const [fault] = findClimateFaults({ ...change, ...bounds }, CAPABILITIES);
  if (fault !== undefined) {
    return { status: 'rejected', reason: `${fault.field} ${fault.message}` };
  }
  model.setThermostat(board.id, settings);
  return { status: 'applied' };
}

function thermostatProgram(board: ThermostatBoard, model: HouseModel, random: Random): Program {
  const measure = (): Metrics => {
    const { settings, state, electricWatts } = model.thermostat(board.id);
    return {
      temperature: round(model.room(board.room).celsius + random.noise(0.02), 2),
      ...(modeUsesTarget(settings.mode) ? { target_temperature: settings.target } : {}),
      heating: state.drive === 'heating',
      cooling: state.drive === 'cooling',
      power: round(electricWatts, 0),
      ...radio(random),
    };
  };
  const metrics = { ...measure(), target_temperature: 0 };
  return {
    info: { ...infoOf(board, metrics), climate: CAPABILITIES, commands: ['climate'] },
    urgent: () => model.thermostat(board.id).state.drive,
    measure,
    state() {
      const { settings, state } = model.thermostat(board.id);
      return { climate: climateStateOf(state, settings, model.room(board.room).celsius) };
    },
    command(name, args) {
      if (name === 'climate') return applyClimate(board, model, args);
      return { status: 'rejected', reason: `unknown command ${name}` };
    },
  };
}

/** The program of a board. `boardSeed` makes its noise its own. */
function programFor(board: Board, model: HouseModel, boardSeed: number): Program {
  const random = new Random(boardSeed);
  if (board.kind === 'thermostat') return thermostatProgram(board, model, random);
  const sensor = sensorOf(board, { model, random, seed: boardSeed });
  return { ...sensor, info: infoOf(board, sensor.measure()) };
}

/** Every board of a house with its program. */
export function programsOf(
  house: House,
  model: HouseModel,
  seedOf: (board: Board) => number,
): ReadonlyMap<string, Program> {
  return new Map(house.boards.map((board) => [board.id, programFor(board, model, seedOf(board))]));
}

// Sensors that look at the model, each with its own noise and rounding.
import type { Metrics, Program } from '../device/program.js';
import type { HouseModel } from '../model/house-model.js';
import type { Random } from '../random.js';
import type { Board, ThermostatBoard } from './house.js';

/** What a sensor looks at, and with which noise. */
interface View {
  readonly model: HouseModel;
  readonly random: Random;
  readonly seed: number;
}

type Sensor = Pick<Program, 'measure' | 'urgent'>;
type SensorBoard = Exclude<Board, ThermostatBoard>;

const MINUTES_OF_BATTERY = 400 * 24 * 60;

export function round(value: number, digits: number): number {
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
}

/** Wi-Fi signal, dBm. */
export function radio(random: Random): Metrics {
  return { rssi: Math.round(-58 + random.noise(3)) };
}

/** A battery that lasts a bit over a year, from a level of its own. */
function battery({ model, seed }: View): Metrics {
  const minutes = (model.nowMs / 60_000 + seed) % MINUTES_OF_BATTERY;
  return { battery: round(100 - (100 * minutes) / MINUTES_OF_BATTERY, 0) };
}

const SENSORS: {
  readonly [K in SensorBoard['kind']]: (
    board: Extract<SensorBoard, { kind: K }>,
    view: View,
  ) => Sensor;
} = {
  'climate-node': (board, { model, random }) => ({
    measure() {
      const reading = model.room(board.room);
      const humidity = reading.humidityPercent + random.noise(0.15);
      return {
        temperature: round(reading.celsius + random.noise(0.03), 2),
        humidity: round(Math.min(100, Math.max(0, humidity)), 1),
        ...(board.measuresCo2 ? { co2: Math.round(reading.co2Ppm + random.noise(4)) } : {}),
        ...radio(random),
      };
    },
  }),
  'energy-meter': (_board, { model, random }) => ({
    measure() {
      const { watts, energyKwh } = model.meter;
      return {
        power: round(watts * (1 + random.noise(0.004)), 0),
        energy: round(energyKwh, 3),
        voltage: round(231 + random.noise(0.8), 1),
        ...radio(random),
      };
    },
  }),
  contact(board, view) {
    const isOpen = () =>
      board.watches === 'door' ? view.model.activity.doorOpen : view.model.activity.windowOpen;
    return { measure: () => ({ contact: isOpen(), ...battery(view) }), urgent: isOpen };
  },
  motion: (_board, { model, random }) => ({
    measure: () => ({ motion: model.activity.hallMotion, ...radio(random) }),
    urgent: () => model.activity.hallMotion,
  }),
  // Nothing in this house spills water by itself.
  leak: (_board, view) => ({ measure: () => ({ leak: false, ...battery(view) }) }),
  controller: (_board, { model }) => ({
    measure: () => ({ outdoor_temperature: round(model.outdoorCelsius, 2) }),
  }),
};

export function sensorOf(board: SensorBoard, view: View): Sensor {
  // The table is keyed by the very field that tells the boards apart, which the compiler cannot follow through a lookup.
  const make = SENSORS[board.kind] as (board: SensorBoard, view: View) => Sensor;
  return make(board, view);
}

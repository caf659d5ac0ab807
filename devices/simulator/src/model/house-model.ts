// The physics of a house, advanced in fixed steps of house time: the same seed and the same commands give the same house.
// Knows no MQTT and reads no clock.
import type { House, HouseRoom, ThermostatBoard } from '../house/house.js';
import { activityAt, type Activity } from './activity.js';
import { heatPumpOutput } from './heat-pump.js';
import { relativeHumidity, saturationVapour } from './humidity.js';
import { countByPlace, whereaboutsAt, type Whereabouts } from './occupants.js';
import { stepRoomAir, type Air, type HeatLedger } from './room-air.js';
import {
  DEFAULT_PROTECTION,
  restingThermostat,
  stepThermostat,
  type ThermostatSettings,
  type ThermostatState,
} from './thermostat.js';
import { weatherAt, type Weather } from './weather.js';

/** Length of one step of house time. Short against every time constant of a room, so that Euler's method is stable. */
export const STEP_MS = 10_000;
const STEP_SECONDS = STEP_MS / 1_000;

const HEATER_HYSTERESIS = 0.25;
const WATT_SECONDS_PER_KWH = 3_600_000;

interface Room {
  readonly spec: HouseRoom;
  air: Air;
  heating: boolean;
}

interface HeatPumpZone {
  readonly board: ThermostatBoard;
  settings: ThermostatSettings;
  state: ThermostatState;
  powered: boolean;
  electricWatts: number;
}

export interface RoomReading {
  readonly celsius: number;
  readonly humidityPercent: number;
  readonly co2Ppm: number;
}

export interface HouseModelOptions {
  readonly house: House;
  readonly seed: number;
  /** House time at which the model begins, epoch milliseconds. */
  readonly startMs: number;
  /** Local time minus UTC, for people's habits and the sun. */
  readonly utcOffsetMs: number;
}

export class HouseModel {
  readonly #options: HouseModelOptions;
  readonly #rooms: ReadonlyMap<string, Room>;
  readonly #zones: ReadonlyMap<string, HeatPumpZone>;
  #nowMs: number;
  #weather: Weather;
  #whereabouts: readonly Whereabouts[];
  #activity: Activity;
  #houseWatts = 0;
  #energyKwh: number;
  readonly #ledgers: Record<keyof HeatLedger, number> = {
    outdoor: 0,
    neighbours: 0,
    sun: 0,
    people: 0,
    appliances: 0,
    hvac: 0,
  };

  constructor(options: HouseModelOptions) {
    this.#options = options;
    this.#nowMs = Math.floor(options.startMs / STEP_MS) * STEP_MS;
    this.#weather = this.#weatherNow();
    this.#whereabouts = this.#whereaboutsNow();
    this.#activity = this.#activityNow();
    // A meter counts on for years: its first figure follows from the date, so that a restart does not turn it back far.
    this.#energyKwh = Math.max(0, (this.#nowMs / 1_000 - 1_700_000_000) * 0.00022);
    const celsius = 19;
    this.#rooms = new Map(
      options.house.rooms.map((spec) => [
        spec.key,
        {
          spec,
          air: { celsius, co2Ppm: 600, vapour: 0.45 * saturationVapour(celsius) },
          heating: false,
        },
      ]),
    );
    this.#zones = new Map(
      options.house.boards
        .filter((board): board is ThermostatBoard => board.kind === 'thermostat')
        .map((board) => [
          board.id,
          {
            board,
            settings: board.settings,
            state: restingThermostat(this.#nowMs - DEFAULT_PROTECTION.minOffMs),
            powered: true,
            electricWatts: 0,
          },
        ]),
    );
  }

  /** House time of the last step, epoch milliseconds. */
  get nowMs(): number {
    return this.#nowMs;
  }

  get outdoorCelsius(): number {
    return this.#weather.outdoorCelsius;
  }

  get activity(): Activity {
    return this.#activity;
  }

  /** Power now, W, and energy ever, kWh, of the whole house. */
  get meter(): { watts: number; energyKwh: number } {
    return { watts: this.#houseWatts, energyKwh: this.#energyKwh };
  }

  /** Heat that came into all rooms since the beginning, J, by source. */
  get ledger(): Readonly<HeatLedger> {
    return this.#ledgers;
  }

  /** Takes as many whole steps as fit until `houseMs`. */
  advanceTo(houseMs: number): void {
    while (this.#nowMs + STEP_MS <= houseMs) this.#step();
  }

  room(key: string): RoomReading {
    const { air } = this.#find(this.#rooms, key);
    return {
      celsius: air.celsius,
      humidityPercent: relativeHumidity(air.vapour, air.celsius),
      co2Ppm: air.co2Ppm,
    };
  }

  /** Heat stored in all rooms above 0 °C, J. */
  storedHeat(): number {
    let joules = 0;
    for (const { spec, air } of this.#rooms.values()) {
      joules += air.celsius * spec.shell.heatCapacity;
    }
    return joules;
  }

  thermostat(deviceId: string): {
    settings: ThermostatSettings;
    state: ThermostatState;
    electricWatts: number;
  } {
    return this.#find(this.#zones, deviceId);
  }

  setThermostat(deviceId: string, settings: ThermostatSettings): void {
    const zone = this.#find(this.#zones, deviceId);
    zone.settings = settings;
    this.#decide(zone);
  }

  /** Power gone: the compressor stops at once. Power back: it rests first, because it cannot know for how long it was off. */
  setPowered(deviceId: string, powered: boolean): void {
    const zone = this.#zones.get(deviceId);
    if (zone === undefined || zone.powered === powered) return;
    zone.powered = powered;
    zone.state = restingThermostat(this.#nowMs);
    if (!powered) zone.electricWatts = 0;
  }

  #find<T>(from: ReadonlyMap<string, T>, key: string): T {
    const found = from.get(key);
    if (found === undefined) throw new Error(`the house has no ${key}`);
    return found;
  }

  #localMs(): number {
    return this.#nowMs + this.#options.utcOffsetMs;
  }

  #weatherNow(): Weather {
    return weatherAt(this.#options.house.climate, this.#options.seed, this.#localMs());
  }

  #whereaboutsNow(): readonly Whereabouts[] {
    const { house, seed } = this.#options;
    return house.occupants.map((occupant) => whereaboutsAt(occupant, seed, this.#localMs()));
  }

  #activityNow(): Activity {
    const { house, seed } = this.#options;
    return activityAt(this.#whereabouts, seed, this.#localMs(), house.bedroom);
  }

  #decide(zone: HeatPumpZone): void {
    const { air } = this.#find(this.#rooms, zone.board.room);
    zone.state = stepThermostat(
      zone.state,
      zone.settings,
      air.celsius,
      this.#nowMs,
      DEFAULT_PROTECTION,
    );
  }

  #step(): void {
    const people = countByPlace(this.#whereabouts);
    const neighbourWatts = this.#neighbourWatts();
    const hvacWatts = this.#driveHeatPumps();
    let watts = 0;
    for (const zone of this.#zones.values()) watts += zone.electricWatts;
    for (const room of this.#rooms.values()) {
      const { spec } = room;
      const present = people.get(spec.key) ?? 0;
      const applianceWatts = spec.baseWatts + (present > 0 ? spec.activity.watts : 0);
      const heaterWatts = this.#driveHeater(room);
      watts += applianceWatts + heaterWatts;
      const stepped = stepRoomAir(
        room.air,
        spec.shell,
        {
          outdoorCelsius: this.#weather.outdoorCelsius,
          outdoorVapour: this.#weather.vapour,
          neighbourWatts: neighbourWatts.get(spec.key) ?? 0,
          sunWatts: this.#weather.sunWatts,
          people: present,
          applianceWatts,
          hvacWatts: (hvacWatts.get(spec.key) ?? 0) + heaterWatts,
          vapourGramsPerSecond: present > 0 ? spec.activity.vapourGramsPerSecond : 0,
          windowOpen: spec.key === this.#options.house.airedRoom && this.#activity.windowOpen,
        },
        STEP_SECONDS,
      );
      room.air = dried(stepped.air);
      for (const source of Object.keys(this.#ledgers) as (keyof HeatLedger)[]) {
        this.#ledgers[source] += stepped.ledger[source];
      }
    }
    this.#houseWatts = watts;
    this.#energyKwh += (watts * STEP_SECONDS) / WATT_SECONDS_PER_KWH;
    this.#nowMs += STEP_MS;
    this.#weather = this.#weatherNow();
    this.#whereabouts = this.#whereaboutsNow();
    this.#activity = this.#activityNow();
  }

  #neighbourWatts(): ReadonlyMap<string, number> {
    const watts = new Map<string, number>();
    for (const { between, wattsPerKelvin } of this.#options.house.walls) {
      const [from, to] = between;
      const difference =
        this.#find(this.#rooms, from).air.celsius - this.#find(this.#rooms, to).air.celsius;
      watts.set(from, (watts.get(from) ?? 0) - difference * wattsPerKelvin);
      watts.set(to, (watts.get(to) ?? 0) + difference * wattsPerKelvin);
    }
    return watts;
  }

  #driveHeatPumps(): ReadonlyMap<string, number> {
    const heat = new Map<string, number>();
    for (const zone of this.#zones.values()) {
      if (!zone.powered) continue;
      this.#decide(zone);
      const output = heatPumpOutput(
        zone.board.unit,
        zone.state.drive,
        this.#find(this.#rooms, zone.board.room).air.celsius,
        this.#weather.outdoorCelsius,
      );
      zone.electricWatts = output.electricWatts;
      heat.set(zone.board.room, (heat.get(zone.board.room) ?? 0) + output.heatWatts);
    }
    return heat;
  }

  #driveHeater(room: Room): number {
    const { heater } = room.spec;
    if (heater === undefined) return 0;
    const edge = heater.celsius + (room.heating ? HEATER_HYSTERESIS : -HEATER_HYSTERESIS);
    room.heating = room.air.celsius < edge;
    return room.heating ? heater.watts : 0;
  }
}

/** Air holds no more water than it can: the rest is on the window pane. */
function dried(air: Air): Air {
  return { ...air, vapour: Math.min(air.vapour, saturationVapour(air.celsius)) };
}

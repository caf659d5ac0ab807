// One room's air: heat by an RC model, carbon dioxide and water by a mixing model. Pure; one explicit Euler step at a time.

export interface Air {
  readonly celsius: number;
  readonly co2Ppm: number;
  /** Water, g/m³. */
  readonly vapour: number;
}

/** What a room is made of. */
export interface RoomShell {
  readonly volumeCubicMetres: number;
  /** Heat that the air, walls and furniture take per degree, J/K. */
  readonly heatCapacity: number;
  /** Loss through the outer walls and leaks, W/K. */
  readonly lossWattsPerKelvin: number;
  /** Air that comes in by itself, room volumes per hour. */
  readonly airChangesPerHour: number;
  readonly windowSquareMetres: number;
}

/** What acts on the room during one step. */
export interface RoomInputs {
  readonly outdoorCelsius: number;
  readonly outdoorVapour: number;
  /** Heat through inner walls and doors, W; positive comes in. */
  readonly neighbourWatts: number;
  readonly sunWatts: number;
  readonly people: number;
  /** Lamps and machines, W. */
  readonly applianceWatts: number;
  /** Heating (positive) or cooling (negative), W. */
  readonly hvacWatts: number;
  /** Cooking or a shower, g of water per second. */
  readonly vapourGramsPerSecond: number;
  readonly windowOpen: boolean;
}

/** Heat into the room during a step, J, by where it came from. */
export interface HeatLedger {
  readonly outdoor: number;
  readonly neighbours: number;
  readonly sun: number;
  readonly people: number;
  readonly appliances: number;
  readonly hvac: number;
}

const OUTDOOR_CO2_PPM = 425;
const PERSON_WATTS = 85;
/** A resting adult breathes out about 18 l of CO2 an hour. */
const PERSON_CO2_CUBIC_METRES_PER_SECOND = 18 / 1_000 / 3_600;
const PERSON_VAPOUR_GRAMS_PER_SECOND = 45 / 3_600;
const OPEN_WINDOW_AIR_CHANGES_PER_HOUR = 4;
const AIR_JOULES_PER_CUBIC_METRE_KELVIN = 1_206;

/** Air after `seconds`, and the heat that moved. Stable while `seconds` is far below heatCapacity / loss. */
export function stepRoomAir(
  air: Air,
  shell: RoomShell,
  inputs: RoomInputs,
  seconds: number,
): { air: Air; ledger: HeatLedger } {
  const airingPerHour = inputs.windowOpen ? OPEN_WINDOW_AIR_CHANGES_PER_HOUR : 0;
  const airingWattsPerKelvin =
    (airingPerHour / 3_600) * shell.volumeCubicMetres * AIR_JOULES_PER_CUBIC_METRE_KELVIN;
  const ledger: HeatLedger = {
    outdoor:
      (shell.lossWattsPerKelvin + airingWattsPerKelvin) *
      (inputs.outdoorCelsius - air.celsius) *
      seconds,
    neighbours: inputs.neighbourWatts * seconds,
    sun: inputs.sunWatts * shell.windowSquareMetres * seconds,
    people: inputs.people * PERSON_WATTS * seconds,
    appliances: inputs.applianceWatts * seconds,
    hvac: inputs.hvacWatts * seconds,
  };
  const joules = Object.values(ledger).reduce<number>((sum, value) => sum + value, 0);
  const exchange = 1 - Math.exp((-(shell.airChangesPerHour + airingPerHour) / 3_600) * seconds);
  const breathed =
    (inputs.people * PERSON_CO2_CUBIC_METRES_PER_SECOND * seconds * 1e6) / shell.volumeCubicMetres;
  const wetted =
    ((inputs.people * PERSON_VAPOUR_GRAMS_PER_SECOND + inputs.vapourGramsPerSecond) * seconds) /
    shell.volumeCubicMetres;
  return {
    air: {
      celsius: air.celsius + joules / shell.heatCapacity,
      co2Ppm: air.co2Ppm + (OUTDOOR_CO2_PPM - air.co2Ppm) * exchange + breathed,
      vapour: air.vapour + (inputs.outdoorVapour - air.vapour) * exchange + wetted,
    },
    ledger,
  };
}

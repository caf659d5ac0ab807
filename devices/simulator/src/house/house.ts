// A home as data: rooms, people, weather, and the boards that watch over it. The physics and the boards' programs read it.
import { SIMULATION_CONTROLLER_ID, type DeviceKind } from '@hearth/contracts';
import type { HeatPumpUnit } from '../model/heat-pump.js';
import type { Occupant, Stay } from '../model/occupants.js';
import type { RoomShell } from '../model/room-air.js';
import type { ThermostatSettings } from '../model/thermostat.js';
import type { Climate } from '../model/weather.js';

export interface HouseRoom {
  readonly key: string;
  readonly name: string;
  readonly shell: RoomShell;
  /** Lamps and machines that run all day, W. */
  readonly baseWatts: number;
  /** Drawn while somebody is in the room, W, and the water that it gives off, g/s. */
  readonly activity: { readonly watts: number; readonly vapourGramsPerSecond: number };
  /** A simple electric heater with its own dial; rooms with a thermostat have none. */
  readonly heater?: { readonly watts: number; readonly celsius: number };
}

/** An inner wall or a door: heat that passes per degree, W/K. */
interface InnerWall {
  readonly between: readonly [string, string];
  readonly wattsPerKelvin: number;
}

interface BoardBasics {
  readonly id: string;
  readonly name: string;
  readonly kind: DeviceKind;
  readonly model: string;
  /** Room key, or null for the whole house. */
  readonly room: string | null;
  /** Seconds between two regular reports. */
  readonly intervalSeconds: number;
  /** Connects, publishes, disconnects. */
  readonly sleeps?: true;
}

/** A board and what it measures or steers. */
export type Board = BoardBasics &
  (
    | { readonly kind: 'climate-node'; readonly room: string; readonly measuresCo2: boolean }
    | {
        readonly kind: 'thermostat';
        readonly room: string;
        readonly unit: HeatPumpUnit;
        readonly settings: ThermostatSettings;
      }
    | { readonly kind: 'energy-meter' }
    | { readonly kind: 'contact'; readonly watches: 'door' | 'window' }
    | { readonly kind: 'motion' }
    | { readonly kind: 'leak' }
    | { readonly kind: 'controller' }
  );

export type ThermostatBoard = Extract<Board, { kind: 'thermostat' }>;

export interface House {
  readonly climate: Climate;
  readonly occupants: readonly Occupant[];
  readonly rooms: readonly HouseRoom[];
  readonly walls: readonly InnerWall[];
  readonly boards: readonly Board[];
  /** Key of the room in which people sleep, and of the one with the window that is opened. */
  readonly bedroom: string;
  readonly airedRoom: string;
}

const hour = (hours: number): number => Math.round(hours * 60);

const quietDay: readonly Stay[] = [
  { from: hour(8), place: 'bathroom' },
  { from: hour(8.75), place: 'kitchen' },
  { from: hour(9.75), place: 'living-room' },
  { from: hour(12.5), place: 'kitchen' },
  { from: hour(13.5), place: 'away' },
  { from: hour(16.5), place: 'living-room' },
  { from: hour(18.5), place: 'kitchen' },
  { from: hour(19.75), place: 'living-room' },
  { from: hour(23.25), place: 'bedroom' },
];

const occupants: readonly Occupant[] = [
  {
    name: 'first',
    workday: [
      { from: hour(6.5), place: 'bathroom' },
      { from: hour(7), place: 'kitchen' },
      { from: hour(7.75), place: 'away' },
      { from: hour(17), place: 'living-room' },
      { from: hour(18), place: 'kitchen' },
      { from: hour(19.25), place: 'living-room' },
      { from: hour(22.75), place: 'bedroom' },
    ],
    weekend: quietDay,
  },
  {
    name: 'second',
    workday: [
      { from: hour(7.25), place: 'bathroom' },
      { from: hour(7.75), place: 'kitchen' },
      { from: hour(8.75), place: 'living-room' },
      { from: hour(12), place: 'kitchen' },
      { from: hour(13), place: 'living-room' },
      { from: hour(15), place: 'away' },
      { from: hour(16.25), place: 'living-room' },
      { from: hour(18.75), place: 'kitchen' },
      { from: hour(19.75), place: 'living-room' },
      { from: hour(23), place: 'bedroom' },
    ],
    weekend: quietDay,
  },
];

const rooms: readonly HouseRoom[] = [
  {
    key: 'living-room',
    name: 'Living room',
    shell: {
      volumeCubicMetres: 62,
      heatCapacity: 2.6e6,
      lossWattsPerKelvin: 62,
      airChangesPerHour: 0.45,
      windowSquareMetres: 3.5,
    },
    baseWatts: 25,
    activity: { watts: 140, vapourGramsPerSecond: 0 },
  },
  {
    key: 'bedroom',
    name: 'Bedroom',
    shell: {
      volumeCubicMetres: 38,
      heatCapacity: 1.7e6,
      lossWattsPerKelvin: 38,
      airChangesPerHour: 0.75,
      windowSquareMetres: 1.6,
    },
    baseWatts: 8,
    activity: { watts: 10, vapourGramsPerSecond: 0 },
  },
  {
    key: 'kitchen',
    name: 'Kitchen',
    shell: {
      volumeCubicMetres: 30,
      heatCapacity: 1.5e6,
      lossWattsPerKelvin: 32,
      airChangesPerHour: 0.7,
      windowSquareMetres: 1.2,
    },
    baseWatts: 70,
    activity: { watts: 650, vapourGramsPerSecond: 0.05 },
    heater: { watts: 900, celsius: 19.5 },
  },
  {
    key: 'bathroom',
    name: 'Bathroom',
    shell: {
      volumeCubicMetres: 16,
      heatCapacity: 0.9e6,
      lossWattsPerKelvin: 17,
      airChangesPerHour: 1.1,
      windowSquareMetres: 0.4,
    },
    baseWatts: 4,
    activity: { watts: 120, vapourGramsPerSecond: 0.2 },
    heater: { watts: 700, celsius: 21.5 },
  },
  {
    key: 'hall',
    name: 'Hall',
    shell: {
      volumeCubicMetres: 22,
      heatCapacity: 1.1e6,
      lossWattsPerKelvin: 15,
      airChangesPerHour: 0.6,
      windowSquareMetres: 0,
    },
    baseWatts: 12,
    activity: { watts: 20, vapourGramsPerSecond: 0 },
  },
];

const walls: readonly InnerWall[] = [
  { between: ['hall', 'living-room'], wattsPerKelvin: 24 },
  { between: ['hall', 'bedroom'], wattsPerKelvin: 14 },
  { between: ['hall', 'kitchen'], wattsPerKelvin: 18 },
  { between: ['hall', 'bathroom'], wattsPerKelvin: 10 },
  { between: ['living-room', 'kitchen'], wattsPerKelvin: 12 },
];

const climateNode = (room: string, name: string, measuresCo2: boolean): Board => ({
  id: `${room}-climate`,
  name,
  kind: 'climate-node',
  model: 'ESP32 SCD41',
  room,
  intervalSeconds: 10,
  measuresCo2,
});

const boards: readonly Board[] = [
  climateNode('living-room', 'Living room climate', true),
  climateNode('bedroom', 'Bedroom climate', true),
  climateNode('kitchen', 'Kitchen climate', true),
  climateNode('bathroom', 'Bathroom climate', false),
  {
    id: 'living-room-heat-pump',
    name: 'Living room heat pump',
    kind: 'thermostat',
    model: 'ESP32 heat pump',
    room: 'living-room',
    intervalSeconds: 10,
    unit: { heatingWatts: 3_600, coolingWatts: 2_800 },
    settings: { mode: 'heat', target: 21, targetLow: 20, targetHigh: 25 },
  },
  {
    id: 'bedroom-heat-pump',
    name: 'Bedroom heat pump',
    kind: 'thermostat',
    model: 'ESP32 heat pump',
    room: 'bedroom',
    intervalSeconds: 10,
    unit: { heatingWatts: 2_000, coolingWatts: 1_800 },
    settings: { mode: 'heat_cool', target: 18.5, targetLow: 18, targetHigh: 24 },
  },
  {
    id: 'house-energy',
    name: 'House energy',
    kind: 'energy-meter',
    model: 'ESP32 PZEM-004T',
    room: 'hall',
    intervalSeconds: 5,
  },
  {
    id: 'front-door',
    name: 'Front door',
    kind: 'contact',
    model: 'Pico W reed switch',
    room: 'hall',
    intervalSeconds: 60,
    watches: 'door',
  },
  {
    id: 'living-room-window',
    name: 'Living room window',
    kind: 'contact',
    model: 'Pico W reed switch',
    room: 'living-room',
    intervalSeconds: 60,
    sleeps: true,
    watches: 'window',
  },
  {
    id: 'hall-motion',
    name: 'Hall motion',
    kind: 'motion',
    model: 'Pico W PIR',
    room: 'hall',
    intervalSeconds: 60,
  },
  {
    id: 'bathroom-leak',
    name: 'Bathroom leak',
    kind: 'leak',
    model: 'Pico W leak',
    room: 'bathroom',
    intervalSeconds: 60,
    sleeps: true,
  },
  {
    id: SIMULATION_CONTROLLER_ID,
    name: 'Simulated house',
    kind: 'controller',
    model: 'Hearth simulator',
    room: null,
    intervalSeconds: 30,
  },
];

/** The house that `npm run simulate` builds: five rooms, twelve boards, two people, a cool spring. */
export const HOUSE: House = {
  climate: { meanCelsius: 6, dailySwingCelsius: 4.5, strayCelsius: 3, sunPeakWatts: 420 },
  occupants,
  rooms,
  walls,
  boards,
  bedroom: 'bedroom',
  airedRoom: 'living-room',
};

/** The room's name, for people; null for the whole house. */
export function roomNameOf(house: House, board: Board): string | null {
  return house.rooms.find((room) => room.key === board.room)?.name ?? null;
}

import {
  climateStateSchema,
  infoPayloadSchema,
  METRICS,
  reflectsChange,
  statePayloadSchema,
} from '@hearth/contracts';
import { HouseModel } from '../model/house-model.js';
import { hash } from '../random.js';
import { HOUSE } from './house.js';
import { programsOf } from './programs.js';

const START = Date.UTC(2029, 1, 5);
const HEAT_PUMP = 'living-room-heat-pump';

function aHouse(seed = 1) {
  const model = new HouseModel({ house: HOUSE, seed, startMs: START, utcOffsetMs: 0 });
  return { model, programs: programsOf(HOUSE, model, (board) => hash(seed, board.id)) };
}

/** Everything that all boards measure in a day, once in five minutes. */
function recordDay(seed: number): string[] {
  const { model, programs } = aHouse(seed);
  const lines: string[] = [];
  for (let minute = 5; minute <= 1_440; minute += 5) {
    model.advanceTo(START + minute * 60_000);
    for (const [id, program] of programs) lines.push(`${id} ${JSON.stringify(program.measure())}`);
  }
  return lines;
}

describe(programsOf.name, () => {
  it('gives the same telemetry for the same seed, and another for another', () => {
    const day = recordDay(42);
    expect(recordDay(42)).toEqual(day);
    expect(recordDay(43)).not.toEqual(day);
  });

  it('measures only what the catalogue knows, within its ranges, in all kinds of metric', () => {
    const { model, programs } = aHouse();
    for (let hour = 1; hour <= 48; hour += 1) {
      model.advanceTo(START + hour * 3_600_000);
      for (const program of programs.values()) {
        for (const [name, value] of Object.entries(program.measure())) {
          const metric = METRICS.get(name)!;
          expect(typeof value).toBe(metric.kind);
          expect(Number(value)).toBeGreaterThanOrEqual(metric.min);
          expect(Number(value)).toBeLessThanOrEqual(metric.max);
        }
      }
    }
  });

  it('introduces every board by an info that the contract accepts, with all its metrics', () => {
    const { programs } = aHouse();
    expect(programs.size).toBeGreaterThanOrEqual(10);
    for (const program of programs.values()) {
      const info = infoPayloadSchema.parse(program.info);
      const announced = info.metrics?.map(({ name }) => name);
      expect(announced).toEqual(expect.arrayContaining(Object.keys(program.measure())));
    }
  });

  it('has a thermostat that obeys, and shows it in its state', () => {
    const { programs } = aHouse();
    const thermostat = programs.get(HEAT_PUMP)!;
    const change = { mode: 'heat_cool' as const, target_low: 19.5, target_high: 23 };
    expect(thermostat.command?.('climate', change)).toEqual({ status: 'applied' });
    const { climate } = statePayloadSchema.parse(thermostat.state?.());
    expect(reflectsChange(climateStateSchema.parse(climate), change)).toBe(true);
  });

  it.each([
    ['a target out of range', 'climate', { target: 31 }, /target must be between 7 and 30/],
    ['a mode it has not', 'climate', { mode: 'dry' }, /can do off, heat, cool, heat_cool/],
    ['crossed limits', 'climate', { target_low: 24.5 }, /at least 1 °C below target_high/],
    ['no field at all', 'climate', {}, /at least one of/],
    ['a text for a number', 'climate', { target: '21' }, /number/],
    ['a command it does not know', 'reboot', {}, /unknown command reboot/],
  ])('refuses %s, and changes nothing', (_what, name, args, reason) => {
    const { model, programs } = aHouse();
    const before = model.thermostat(HEAT_PUMP).settings;
    const outcome = programs.get(HEAT_PUMP)!.command?.(name, args);
    expect(outcome).toEqual({
      status: 'rejected',
      reason: expect.stringMatching(reason) as string,
    });
    expect(model.thermostat(HEAT_PUMP).settings).toBe(before);
  });
});

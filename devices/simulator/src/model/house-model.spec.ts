import { HOUSE } from '../house/house.js';
import { HouseModel, STEP_MS } from './house-model.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const START = Date.UTC(2029, 1, 5);
const HEAT_PUMP = 'living-room-heat-pump';

const makeModel = (seed = 1) =>
  new HouseModel({ house: HOUSE, seed, startMs: START, utcOffsetMs: 0 });

describe(HouseModel.name, () => {
  it('keeps the balance of heat: what came in is what the rooms hold', () => {
    const model = makeModel();
    const before = model.storedHeat();
    model.advanceTo(START + 3 * DAY_MS);
    const { outdoor, neighbours, sun, people, appliances, hvac } = model.ledger;
    const came = outdoor + neighbours + sun + people + appliances + hvac;
    expect(Math.abs(came - (model.storedHeat() - before))).toBeLessThan(1);
    expect(Math.abs(neighbours)).toBeLessThan(1);
    expect(outdoor).toBeLessThan(0);
    expect(sun).toBeGreaterThan(0);
    expect(people).toBeGreaterThan(0);
    expect(hvac).toBeGreaterThan(0);
  });

  it('meters the energy that the power adds up to', () => {
    const model = makeModel();
    const before = model.meter.energyKwh;
    let wattSeconds = 0;
    for (let time = START; time < START + 6 * HOUR_MS; time += STEP_MS) {
      model.advanceTo(time + STEP_MS);
      wattSeconds += (model.meter.watts * STEP_MS) / 1_000;
    }
    expect(model.meter.energyKwh - before).toBeCloseTo(wattSeconds / 3.6e6, 6);
  });

  it('holds the target within the hysteresis once it is warm', () => {
    const model = makeModel();
    for (let time = START + DAY_MS; time < START + 3 * DAY_MS; time += 10 * 60_000) {
      model.advanceTo(time);
      const { celsius } = model.room('living-room');
      expect(celsius).toBeGreaterThan(20.2);
      expect(celsius).toBeLessThan(22.5);
    }
  });

  it('warms the room when a higher target is set, and cools it in mode cool', () => {
    const model = makeModel();
    model.advanceTo(START + DAY_MS);
    const { settings } = model.thermostat(HEAT_PUMP);
    model.setThermostat(HEAT_PUMP, { ...settings, target: 24 });
    model.advanceTo(START + DAY_MS + 4 * HOUR_MS);
    expect(model.room('living-room').celsius).toBeGreaterThan(23.4);
    model.setThermostat(HEAT_PUMP, { ...settings, mode: 'cool', target: 18 });
    model.advanceTo(START + DAY_MS + 8 * HOUR_MS);
    expect(model.room('living-room').celsius).toBeLessThan(18.8);
  });

  it('cools down without power, draws none, and rests after it is back', () => {
    const model = makeModel();
    model.advanceTo(START + DAY_MS);
    model.setPowered(HEAT_PUMP, false);
    model.advanceTo(START + DAY_MS + 12 * HOUR_MS);
    expect(model.room('living-room').celsius).toBeLessThan(19);
    expect(model.thermostat(HEAT_PUMP).electricWatts).toBe(0);
    model.setPowered(HEAT_PUMP, true);
    model.advanceTo(model.nowMs + 60_000);
    expect(model.thermostat(HEAT_PUMP).state).toMatchObject({
      drive: 'off',
      reason: expect.stringMatching(/^compressor rest, 1[0-9]0 s$/) as string,
    });
    model.advanceTo(model.nowMs + 180_000);
    expect(model.thermostat(HEAT_PUMP).state.drive).toBe('heating');
  });

  it('fills a room with breath and clears it again', () => {
    const model = makeModel();
    model.advanceTo(START + 24 * HOUR_MS + 4 * HOUR_MS);
    expect(model.room('bedroom').co2Ppm).toBeGreaterThan(1_100);
    model.advanceTo(START + 24 * HOUR_MS + 18 * HOUR_MS);
    expect(model.room('bedroom').co2Ppm).toBeLessThan(600);
  });

  it('is the same house however its time is cut', () => {
    const inOne = makeModel();
    inOne.advanceTo(START + 6 * HOUR_MS);
    const inMany = makeModel();
    for (let time = START; time <= START + 6 * HOUR_MS; time += 7_777) inMany.advanceTo(time);
    inMany.advanceTo(START + 6 * HOUR_MS);
    expect(inMany.room('kitchen')).toEqual(inOne.room('kitchen'));
    expect(inMany.meter).toEqual(inOne.meter);
  });
});

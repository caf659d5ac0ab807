import { guessDeviceName, guessMetric } from './guess-metric.js';

describe(guessMetric, () => {
  it.each([
    ['temperature', 'temperature', '°C', true],
    ['Temperature', 'temperature', '°C', true],
    ['tF', 'temperature', '°F', true],
    ['batt', 'battery', '%', true],
    ['water_leak', 'leak', '', true],
    ['tvocIndex', 'tvocIndex', '', false],
    ['Heizung (Süd)', 'Heizung_Sud', '', false],
    ['__proto__', 'proto', '', false],
    ['ts', 'value', '', false],
    ['42', 'value', '', false],
  ])('takes %s for %s', (name, metric, unit, isKnown) => {
    expect(guessMetric(name)).toEqual({ metric, unit, isKnown });
  });
});

describe(guessDeviceName, () => {
  it.each([
    ['home/living_room/temperature', 'Living room'],
    ['sensor/building1/room101/temperature', 'Building1 room101'],
    ['zigbee2mqtt/Kitchen plug', 'Kitchen plug'],
    ['tele/sonoff/STATE', 'Sonoff'],
    ['temperature', 'Temperature'],
    ['//', 'Device'],
  ])('calls the device of %s %s', (topic, name) => {
    expect(guessDeviceName(topic)).toBe(name);
  });
});

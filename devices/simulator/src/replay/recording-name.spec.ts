import { parseRecordingName, replayDeviceId } from './recording-name.js';

describe(parseRecordingName.name, () => {
  it.each([
    ['Bathroom_Temperature.csv', 'Bathroom', 'temperature'],
    ['Kitchen_Brightness.csv', 'Kitchen', 'illuminance'],
    ['Room1_ThermostatTemperature.csv', 'Room1', 'thermostat_temperature'],
    ['Room3_left_ThermostatTemperature.csv', 'Room3', 'thermostat_temperature_left'],
    ['Toilet_SetpointHistory.csv', 'Toilet', 'target_temperature'],
    ['Room2_OutdoorTemperature.csv', 'Room2', 'outdoor_temperature'],
    ['Cellar_WaterLevel2.csv', 'Cellar', 'water_level2'],
    ['Office_CO2.CSV', 'Office', 'co2'],
  ])('%s is %s, %s', (file, room, metric) => {
    expect(parseRecordingName(file)).toEqual({ room, metric });
  });

  it.each([
    'Temperature.csv',
    '_Temperature.csv',
    'Room_.csv',
    'Room_Tempe-rature.csv',
    'Room_T.txt',
  ])('does not know %s', (file) => {
    expect(parseRecordingName(file)).toBeUndefined();
  });
});

describe(replayDeviceId.name, () => {
  it('makes an id of any name that has a letter or a digit', () => {
    expect(replayDeviceId('Room1')).toBe('replay-room1');
    expect(replayDeviceId('Küche (alt)')).toBe('replay-ku-che-alt');
    expect(replayDeviceId('居間')).toBeUndefined();
  });
});

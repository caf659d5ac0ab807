import { aMessage, asDevice, DEVICE } from '../fixtures/message.js';
import type { AddressedReport } from '../message.js';
import { parseReport } from './parse-report.js';

const run = (name: AddressedReport['name'], payload: string) =>
  parseReport({
    to: 'report',
    message: aMessage(`hearth/${DEVICE}/${name}`, payload),
    sender: asDevice(),
    deviceId: DEVICE,
    name,
  });

const COMMAND = '0d9d3ed5-7f0b-4b2f-9f0a-3d5c0c9b9f10';

describe(parseReport, () => {
  it.each<[AddressedReport['name'], string, unknown]>([
    ['status', 'online', 'online'],
    ['info', '{"model":"ESP32","interval":30}', { model: 'ESP32', interval: 30 }],
    ['info', '{"model":"ESP32","colour":"red"}', { model: 'ESP32' }],
    ['state', '{"version":3}', { version: 3 }],
    ['response', `{"id":"${COMMAND}","status":"applied"}`, { id: COMMAND, status: 'applied' }],
  ])('takes %s %s', (name, payload, expected) => {
    expect(run(name, payload)).toMatchObject({ report: { name, payload: expected } });
  });

  it.each<[AddressedReport['name'], string, string]>([
    ['status', 'ONLINE', 'wrong-shape'],
    ['status', '', 'payload-empty'],
    ['info', 'ESP32', 'not-json'],
    ['info', '[]', 'wrong-shape'],
    ['info', '{"interval":-1}', 'wrong-shape'],
    ['info', '{"interval":1e400}', 'wrong-shape'],
    ['info', String.raw`{"model":"a\u0000b"}`, 'text-not-storable'],
    ['info', String.raw`{"metrics":[{"name":"a","unit":"\udc00"}]}`, 'text-not-storable'],
    ['state', '{"climate":{"mode":"boil","action":"idle"}}', 'wrong-shape'],
    ['response', '{"id":"1","status":"applied"}', 'wrong-shape'],
  ])('refuses %s %s as %s', (name, payload, code) => {
    expect(run(name, payload)).toMatchObject({ step: 'parse', code });
  });

  it('names the field that is wrong', () => {
    expect(run('info', '{"climate":{"modes":[]}}')).toMatchObject({
      detail: expect.stringContaining('"climate.modes"'),
    });
  });
});

// A topic of an integration becomes a device's reading; then a mapping takes all like it.
import { needsTool } from '@hearth/testkit';
import { connectAsync, type MqttClient } from 'mqtt';
import type { Page } from 'playwright-core';
import {
  accessibilityFaults,
  BrowserStack,
  screenshot,
  settled,
  sidewaysOverflow,
  type Visit,
} from '../support/browser.js';

const MINUTE = 60_000;
const BRIDGE = { username: 'bridge', password: 'secret of the bridge' };
const chromium = needsTool('chromium');

chromium.describe('discovered topics', () => {
  let hearth: BrowserStack;
  let visit: Visit;
  let bridge: MqttClient;
  beforeAll(async () => {
    hearth = await BrowserStack.start(chromium.path);
    visit = await hearth.visit();
    await hearth.setUp(visit);
    await hearth.post(visit.context, '/api/integrations', {
      name: 'Bridge',
      ...BRIDGE,
      topicFilters: ['home/#', 'house/#'],
    });
    await hearth.post(visit.context, '/api/rooms', { name: 'Living room' });
    bridge = await connectAsync(`mqtt://127.0.0.1:${hearth.command.mqttPort}`, {
      ...BRIDGE,
      clientId: BRIDGE.username,
      reconnectPeriod: 0,
    });
  }, 3 * MINUTE);
  afterAll(async () => {
    await bridge?.endAsync(true);
    await hearth?.close();
  }, MINUTE);

  const publish = (topic: string, payload: string) =>
    bridge.publishAsync(topic, payload, { qos: 1 });

  /** The list without the topic comes first, whatever the machine is doing: what is said of it must not go with it. */
  const holdMappingsUntilGone = (page: Page, topic: string) =>
    page.route('**/api/mappings', async (route) => {
      await page.locator(`[aria-label="Adopt ${topic}"]`).waitFor({ state: 'detached' });
      await route.continue();
    });

  it('are adopted in one dialog, and show their value', async () => {
    const { page } = visit;
    await publish('house/living_room', '{"tF":68,"hum":41,"uptime":9}');
    await page.goto('/inbox');
    await page.getByRole('button', { name: 'Adopt house/living_room' }).click();
    const dialog = page.getByRole('dialog', { name: 'Adopt a topic' });
    expect(await dialog.getByLabel('Name').inputValue()).toBe('House living room');
    await dialog.getByLabel('Name').fill('Window sill');
    await dialog.getByLabel('Room').selectOption('Living room');
    await dialog.getByRole('checkbox', { name: 'uptime' }).uncheck();
    const preview = dialog.getByRole('region', { name: 'Preview' });
    await preview.getByText('Temperature 20\u202f°C, Humidity 41\u202f%').waitFor();
    expect(await accessibilityFaults(page)).toEqual([]);
    await screenshot(page, 'adopt');
    await holdMappingsUntilGone(page, 'house/living_room');
    await dialog.getByRole('button', { name: 'Adopt' }).click();
    await page.getByText('1 message from before became readings.').waitFor();
    await page
      .getByRole('button', { name: 'Adopt house/living_room' })
      .waitFor({ state: 'hidden' });
    await page.getByText('house/living_room', { exact: true }).waitFor();

    await page.goto('/devices');
    await page
      .getByRole('link', { name: /Window sill/ })
      .first()
      .click();
    await page.getByText('20.0\u202f°C').first().waitFor();
    await publish('house/living_room', '{"tF":86,"hum":41}');
    await page.getByText('30.0\u202f°C').first().waitFor();
    expect(visit.complaints).toEqual([]);
  });

  it.each([
    ['light', 'desktop'],
    ['dark', 'desktop'],
    ['light', 'narrow'],
    ['dark', 'narrow'],
  ] as const)('are mapped in a dialog that looks right in %s on %s', async (theme, size) => {
    const topic = `home/${theme}_${size}/temperature`;
    await publish(topic, '21.5');
    const other = await hearth.visit({ theme, size });
    await hearth.signIn(other);
    const { page } = other;
    await page.goto('/inbox');
    await page.getByRole('button', { name: `Adopt ${topic}` }).click();
    await page.getByRole('region', { name: 'Preview' }).getByText(/21\.5/).first().waitFor();
    await screenshot(page, `adopt-${size}-${theme}`);
    expect(await sidewaysOverflow(page)).toBe(0);
    await page.keyboard.press('Escape');

    await page.getByRole('button', { name: 'Add a mapping' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add a mapping' });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Must have 1 to 512 characters').waitFor();
    const filter = `home/{room}/temperature/${theme}/${size}`;
    await dialog.getByLabel('Topics').fill('home/{room}/{metric}');
    await dialog.getByLabel('Device id').fill('{room}');
    await dialog.getByLabel('Devices that are not there').selectOption('Add them: climate node');
    await dialog.getByText('Temperature 21.5\u202f°C').first().waitFor();
    await screenshot(page, `mapping-${size}-${theme}`);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);
    await dialog.getByLabel('Topics').fill(filter);
    await dialog.getByLabel('Metric', { exact: true }).fill('temperature');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByText(filter, { exact: true }).waitFor();
    await settled(page);
    await screenshot(page, `mappings-${size}-${theme}`);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);

    await page.getByRole('button', { name: `Change ${filter}` }).click();
    const change = page.getByRole('dialog', { name: 'Change a mapping' });
    await change.getByRole('checkbox', { name: 'Switched on' }).uncheck();
    await change.getByRole('button', { name: 'Save' }).click();
    await page.getByText(/^Switched off\. \{room\}/).waitFor();

    await page.getByRole('button', { name: `Remove ${filter}` }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByText('The mapping is removed').waitFor();
    await page.getByText(filter, { exact: true }).waitFor({ state: 'hidden' });
    expect(other.complaints).toEqual([]);
  });
});

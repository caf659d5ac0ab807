// Messages that were not understood: seen in groups, searched, looked at, replayed once their cause is gone, deleted.
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

chromium.describe('the inbox', () => {
  let hearth: BrowserStack;
  let visit: Visit;
  let bridge: MqttClient;
  beforeAll(async () => {
    hearth = await BrowserStack.start(chromium.path);
    visit = await hearth.visit();
    await hearth.setUp(visit);
    const topicFilters = ['hearth/+/telemetry/#', 'hearth/+/status', 'hearth/+/info'];
    await hearth.post(visit.context, '/api/integrations', {
      name: 'Bridge',
      ...BRIDGE,
      topicFilters,
    });
    await register('Porch', 'porch');
    bridge = await connectAsync(`mqtt://127.0.0.1:${hearth.command.mqttPort}`, {
      ...BRIDGE,
      clientId: BRIDGE.username,
      reconnectPeriod: 0,
    });
  }, 3 * MINUTE);
  beforeEach(async () => {
    const headers = { origin: hearth.url };
    const answer = await visit.context.request.delete('/api/dead-letters?from=0', { headers });
    expect(answer.ok()).toBe(true);
  });
  afterAll(async () => {
    await bridge?.endAsync(true);
    await hearth?.close();
  }, MINUTE);

  const register = (name: string, id: string) =>
    hearth.post(visit.context, '/api/devices', { name, kind: 'climate-node', id });
  const publish = (topic: string, payload: string | Buffer) =>
    bridge.publishAsync(topic, payload, { qos: 1 });
  const group = (page: Page, title: string) =>
    page.getByRole('listitem').filter({ has: page.locator('summary', { hasText: title }) });
  async function openInbox(): Promise<Page> {
    const page = await visit.context.newPage();
    await page.goto('/inbox');
    return page;
  }

  it('says so when everything was understood', async () => {
    const page = await openInbox();
    await page.getByRole('heading', { name: 'All understood' }).waitFor();
    await screenshot(page, 'inbox-empty');
  });

  it('lists what it does not know, and takes the unit of it', async () => {
    await register('Bed', 'bed');
    await publish('hearth/bed/telemetry', '{"tempreature":21.5,"soil_moisture":40,"mode":"eco"}');
    await publish('hearth/bed/info', '{"metrics":[{"name":"temperature","unit":"degrees"}]}');
    // A phone: the page is narrow.
    const narrow = await hearth.visit({ size: 'phone', theme: 'dark' });
    await hearth.signIn(narrow);
    const page = await narrow.context.newPage();
    await page.goto('/inbox');
    const card = page.getByRole('region', { name: 'Metrics that Hearth does not know' });
    await card.getByText('Perhaps Temperature: then let the device call it').waitFor();
    const units = card.getByRole('region', { name: 'Units not understood' });
    await units.getByText('says that Temperature is in degrees').waitFor();
    await settled(page);
    await units.evaluate((element) => element.scrollIntoView({ block: 'center' }));
    await screenshot(page, 'inbox-unknown-phone');
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);

    await card.getByRole('button', { name: 'Say its unit: soil_moisture of Bed' }).click();
    const dialog = page.getByRole('dialog', { name: 'Unit of Soil moisture of Bed' });
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.getByText('Must not be empty').waitFor();
    await dialog.getByRole('textbox', { name: 'Unit' }).fill('%');
    await screenshot(page, 'inbox-unit-phone');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Soil moisture of Bed is in %').waitFor();
    await card.getByText('40\u202f%').waitFor();
    await card.getByRole('link', { name: 'Bed' }).first().click();
    await page.waitForURL(/devices\/bed\?metric=mode/);
    expect(narrow.complaints).toEqual([]);
    const headers = { origin: hearth.url };
    const gone = await visit.context.request.delete('/api/devices/bed', { headers });
    expect(gone.ok()).toBe(true);
  });

  it('makes readings of what was refused, once the device is registered', async () => {
    const page = await openInbox();
    await page.getByRole('heading', { name: 'All understood' }).waitFor();
    // The page is open: it hears of them by itself.
    for (const value of ['19.5', '20.5']) {
      await publish('hearth/greenhouse/telemetry/temperature', value);
    }
    const unknown = group(page, 'Unknown device');
    await unknown
      .locator('summary')
      .getByText(/^2 messages/)
      .waitFor();
    await unknown.locator('summary').click();
    await unknown.getByText(/Register a device with the id/).waitFor();
    await unknown.getByRole('button', { name: /19\.5/ }).waitFor();
    await settled(page);
    await screenshot(page, 'inbox-group');

    await unknown.getByRole('button', { name: 'Replay' }).click();
    const question = page.getByRole('dialog', { name: 'Replay 2 messages from bridge?' });
    await screenshot(page, 'inbox-replay');
    await question.getByRole('button', { name: 'Replay' }).click();
    await page.getByText('Nothing could be replayed').waitFor();
    await page.getByText('2 messages were refused again: unknown device.').waitFor();

    await register('Greenhouse', 'greenhouse');
    await unknown.getByRole('button', { name: 'Replay' }).click();
    await question.getByRole('button', { name: 'Replay' }).click();
    await page.getByText('2 messages became readings').waitFor();
    await page.getByRole('heading', { name: 'All understood' }).waitFor();

    await page.goto('/devices/greenhouse');
    await page.getByText('20.5\u202f°C').first().waitFor();
    const answer = await visit.context.request.get('/api/devices/greenhouse');
    const { series } = (await answer.json()) as { series: { id: number }[] };
    const now = Date.now();
    const history = await visit.context.request.get(
      `/api/series/${series[0]?.id}/history?from=${now - MINUTE}&to=${now}`,
    );
    expect(((await history.json()) as { buckets: unknown[] }).buckets).toHaveLength(2);
    expect(visit.complaints).toEqual([]);
  });

  it('shows the bytes of a message, and deletes it', async () => {
    await publish('hearth/porch/telemetry', Buffer.from([0x7b, 0xff, 0x00]));
    const page = await openInbox();
    const binary = group(page, 'Not text');
    await binary.locator('summary').click();
    await binary.getByRole('button', { name: /hearth\/porch/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Not text' });
    await dialog.getByRole('radio', { name: 'Hex' }).click();
    await dialog.getByText('7b ff 00').waitFor();
    await screenshot(page, 'inbox-message');
    expect(await accessibilityFaults(page)).toEqual([]);

    await dialog.getByRole('button', { name: 'Delete' }).click();
    const question = page.getByRole('dialog', { name: 'Delete 1 message?' });
    await question.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('1 message deleted').waitFor();
    await page.getByRole('heading', { name: 'All understood' }).waitFor();
  });

  it('says why a message cannot be replayed', async () => {
    await publish('hearth/porch/status', 'onlin');
    const page = await openInbox();
    const wrong = group(page, 'Not in a form that Hearth reads');
    await wrong.locator('summary').click();
    await wrong.getByRole('button', { name: /onlin/ }).click();
    const dialog = page.getByRole('dialog', { name: 'Not in a form' });
    await dialog.getByText(/It cannot be replayed/).waitFor();
    expect(await dialog.getByRole('button', { name: 'Replay' }).count()).toBe(0);
    await page.keyboard.press('Escape');
    await wrong.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await page.getByText('1 message deleted').waitFor();
  });

  async function publishThreeKinds(): Promise<void> {
    await publish('hearth/porch/telemetry', '{"temperature": 21');
    await publish('hearth/porch/telemetry', '{"temperature": 999}');
    await publish('hearth/shed/telemetry/humidity', '50');
  }

  it('finds messages by what is in them', async () => {
    await publishThreeKinds();
    const page = await openInbox();
    await group(page, 'Not JSON').waitFor();
    await page.getByRole('searchbox', { name: 'Search' }).fill('SHED');
    await group(page, 'Not JSON').waitFor({ state: 'hidden' });
    await group(page, 'Unknown device').waitFor();
    await page.getByText(/^1 message found/).waitFor();
    await page.getByRole('searchbox', { name: 'Search' }).fill('nowhere');
    await page.getByText('No message that was not understood fits.').waitFor();
    await page.getByRole('button', { name: 'Show all' }).click();
    await group(page, 'Not JSON').waitFor();
    await page.getByLabel('Received').selectOption('Last hour');
    await group(page, 'Impossible value').waitFor();
  });

  it('shows on the page of a device what was not understood of it', async () => {
    await publishThreeKinds();
    const page = await visit.context.newPage();
    await page.goto('/devices/porch');
    await group(page, 'Not JSON').locator('summary').click();
    await group(page, 'Not JSON')
      .getByRole('button', { name: /"temperature": 21/ })
      .waitFor();
    expect(await group(page, 'Unknown device').count()).toBe(0);
    await page.getByRole('heading', { name: 'Not understood' }).scrollIntoViewIfNeeded();
    await screenshot(page, 'inbox-of-device');
  });

  it.each([
    ['light', 'desktop'],
    ['dark', 'desktop'],
    ['light', 'narrow'],
    ['dark', 'narrow'],
  ] as const)('looks right in %s on %s', async (theme, size) => {
    await publishThreeKinds();
    const other = await hearth.visit({ theme, size });
    await hearth.signIn(other);
    const { page } = other;
    await page.goto('/inbox');
    await group(page, 'Impossible value').locator('summary').click();
    await group(page, 'Impossible value').getByRole('button', { name: /999/ }).waitFor();
    await settled(page);
    await screenshot(page, `inbox-${size}-${theme}`);
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);
    await group(page, 'Impossible value').getByRole('button', { name: /999/ }).click();
    await page.getByRole('dialog').getByRole('radio', { name: 'Hex' }).click();
    await screenshot(page, `inbox-message-${size}-${theme}`);
    expect(await sidewaysOverflow(page)).toBe(0);
    expect(other.complaints).toEqual([]);
  });

  it('lets a viewer look and nothing else', async () => {
    await publishThreeKinds();
    const page = await openInbox();
    await group(page, 'Not JSON').waitFor();
    await page.route('**/api/me', async (route) => {
      const answer = await route.fetch();
      const me = (await answer.json()) as object;
      await route.fulfill({ response: answer, json: { ...me, role: 'viewer' } });
    });
    await page.reload();
    await group(page, 'Not JSON').locator('summary').click();
    await group(page, 'Not JSON')
      .getByRole('button', { name: /temperature/ })
      .waitFor();
    expect(await page.getByRole('button', { name: /Replay|Delete/ }).count()).toBe(0);
  });
});

// The home set up to taste, and a script of one's own let in: its topics wait in the inbox.
import { homeRetentionSchema } from '@hearth/contracts';
import { needsTool } from '@hearth/testkit';
import { connectAsync } from 'mqtt';
import {
  accessibilityFaults,
  BrowserStack,
  screenshot,
  sidewaysOverflow,
  type Visit,
} from '../support/browser.js';
import { eventually } from '../support/eventually.js';

const MINUTE = 60_000;
const chromium = needsTool('chromium');

chromium.describe('settings and inbox', () => {
  let hearth: BrowserStack;
  let visit: Visit;
  beforeAll(async () => {
    hearth = await BrowserStack.start(chromium.path);
    visit = await hearth.visit();
    await hearth.setUp(visit);
  }, 3 * MINUTE);
  afterAll(() => hearth?.close(), MINUTE);

  it('lets a script in by topic filter, shows what it publishes, and throws it out', async () => {
    const page = await visit.context.newPage();
    await page.goto('/settings');
    await page
      .getByRole('region', { name: 'Integrations' })
      .getByRole('button', { name: 'Add' })
      .click();
    const dialog = page.getByRole('dialog', { name: 'Add an integration' });
    await dialog.getByLabel('Name', { exact: true }).fill('Tutorial');
    await dialog.getByLabel('User name').fill('sensor');
    await dialog.getByLabel('Password').fill('secret');
    await dialog.getByLabel(/Topic filters/).fill('sensor/#\nsensor/#/more');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.getByText(/^Line 2 is no valid topic filter/).waitFor();
    await dialog.getByLabel(/Topic filters/).fill('sensor/#');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog.waitFor({ state: 'hidden' });

    const script = await connectAsync(`mqtt://127.0.0.1:${hearth.command.mqttPort}`, {
      username: 'sensor',
      password: 'secret',
      reconnectPeriod: 0,
    });
    await script.publishAsync('sensor/building1/room101/temperature', '23.5', { qos: 1 });
    await script.publishAsync('sensor/device001/temperature', '{"value":23.5,"unit":"C"}', {
      qos: 1,
    });
    await page.goto('/inbox');
    await page.getByText('sensor/building1/room101/temperature').waitFor();
    await page.getByText('Looks like a number: 23.5').waitFor();
    await page.getByText('{"value":23.5,"unit":"C"}').waitFor();
    await screenshot(page, 'inbox-discovered');
    await page.getByRole('button', { name: 'Hide sensor/building1/room101/temperature' }).click();
    await page
      .getByText('sensor/building1/room101/temperature', { exact: true })
      .waitFor({ state: 'hidden' });

    const thrownOut = new Promise<void>((resolve) => script.once('close', resolve));
    await page.goto('/settings');
    await page.getByRole('button', { name: 'Delete Tutorial' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await thrownOut;
    expect(visit.complaints).toEqual([]);
  });

  it('shows a made password once', async () => {
    const page = await visit.context.newPage();
    await page.goto('/settings#integrations');
    await page
      .getByRole('region', { name: 'Integrations' })
      .getByRole('button', { name: 'Add' })
      .click();
    const dialog = page.getByRole('dialog', { name: 'Add an integration' });
    await dialog.getByLabel('Name', { exact: true }).fill('Bridge');
    await dialog.getByLabel('User name').fill('bridge');
    await dialog.getByLabel(/Topic filters/).fill('zigbee2mqtt/#');
    await dialog.getByRole('button', { name: 'Add' }).click();
    const shown = page.getByRole('dialog', { name: 'Password of Bridge' });
    const password = await shown.locator('.font-mono').innerText();
    const client = await connectAsync(`mqtt://127.0.0.1:${hearth.command.mqttPort}`, {
      username: 'bridge',
      password,
      reconnectPeriod: 0,
    });
    await client.endAsync();
    await shown.getByRole('button', { name: 'I have it' }).click();
    await page.reload();
    await page.getByText('zigbee2mqtt/#').waitFor();
    expect(await page.getByText(password).count()).toBe(0);
  });

  it('keeps history as long as wanted, and says what cannot be', async () => {
    const page = await visit.context.newPage();
    await page.goto('/settings');
    const card = page.getByRole('region', { name: 'History and storage' });
    await card.getByText(/^Takes about/).waitFor();
    await card.getByLabel('Each hour').selectOption('90 days');
    await card.getByText(/^Must be kept as long as/).waitFor();
    expect(await card.getByRole('button', { name: 'Save' }).isDisabled()).toBe(true);
    await card.getByRole('button', { name: 'Cancel' }).click();
    expect(await card.getByLabel('Each hour').inputValue()).toBe('forever');
    await card.getByLabel('Every reading').selectOption('90 days');
    expect(await accessibilityFaults(page)).toEqual([]);
    await card.scrollIntoViewIfNeeded();
    await screenshot(page, 'history-and-storage');
    await card.getByRole('button', { name: 'Save' }).click();
    await card.getByRole('button', { name: 'Save' }).waitFor({ state: 'hidden' });
    await page.reload();
    await card.getByText(/^Takes about/).waitFor();
    expect(await card.getByLabel('Every reading').inputValue()).toBe('90');
  });

  it(
    'says what shorter times would remove, asks, and removes that',
    async () => {
      const { credentials } = (await hearth.post(visit.context, '/api/devices', {
        name: 'Cellar',
        kind: 'climate-node',
        id: 'cellar',
      })) as { credentials: { secret: string } };
      const board = await connectAsync(`mqtt://127.0.0.1:${hearth.command.mqttPort}`, {
        username: 'cellar',
        password: credentials.secret,
        clientId: 'cellar',
        reconnectPeriod: 0,
      });
      const backfill = Array.from({ length: 720 }, (_, index) => ({
        ts: Date.now() - (index + 1) * 2 * 3_600_000,
        temperature: 12 + (index % 12) / 10,
      }));
      await board.publishAsync('hearth/cellar/telemetry', JSON.stringify(backfill), { qos: 1 });
      await board.endAsync();
      await eventually(
        'its hours are rolled up, and there is a rate',
        async () => {
          const answer = await visit.context.request.get('/api/home/retention');
          const { readingsPerHour } = homeRetentionSchema.parse(await answer.json());
          return readingsPerHour !== null;
        },
        // It looks for hours that are over every quarter of a minute.
        30_000,
      );
      const page = await visit.context.newPage();
      await page.goto('/settings');
      const card = page.getByRole('region', { name: 'History and storage' });
      await card.getByText(/^At today’s 1[123] readings a day this home will need about/).waitFor();
      await card.getByLabel('Every reading').selectOption('30 days');
      await card.getByText(/^Removes readings from before \d+ \w+ \d{4}, about \d/).waitFor();
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme });
        expect(await accessibilityFaults(page)).toEqual([]);
        await card.scrollIntoViewIfNeeded();
        await screenshot(page, `history-removes-${theme}`);
      }
      const window = page.viewportSize() ?? { width: 1440, height: 900 };
      await page.setViewportSize({ width: 360, height: 740 });
      expect(await sidewaysOverflow(page)).toBeLessThanOrEqual(0);
      await card.scrollIntoViewIfNeeded();
      await screenshot(page, 'history-removes-narrow');
      await page.setViewportSize(window);
      await card.getByRole('button', { name: 'Save' }).click();
      const dialog = page.getByRole('dialog', { name: 'Remove old history?' });
      await dialog.getByText(/^Removes readings from before/).waitFor();
      await screenshot(page, 'history-asks');
      expect(await accessibilityFaults(page)).toEqual([]);
      await dialog.getByRole('button', { name: 'Save and remove' }).click();
      await dialog.waitFor({ state: 'hidden' });
      await card.getByText(/^Readings from before \d+ \w+ \d{4} are removed/).waitFor();
      expect(visit.complaints).toEqual([]);
    },
    MINUTE,
  );

  it('adds, renames and deletes a room', async () => {
    const page = await visit.context.newPage();
    await page.goto('/settings');
    const rooms = page.getByRole('region', { name: 'Rooms' });
    await rooms.getByRole('button', { name: 'Add' }).click();
    await rooms.getByText('The name must not be empty').waitFor();
    await rooms.getByLabel('Name of a new room').fill('Cellar');
    await rooms.getByRole('button', { name: 'Add' }).click();
    await rooms.getByRole('button', { name: 'Rename Cellar' }).click();
    await rooms.getByLabel('New name of Cellar').fill('Wine cellar');
    await rooms.getByRole('button', { name: 'Save name' }).click();
    await rooms.getByRole('button', { name: 'Delete Wine cellar' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete room' }).click();
    await rooms.getByText('Wine cellar').waitFor({ state: 'hidden' });
  });

  it('shows every number in the units of the home', async () => {
    const device = await hearth.post(visit.context, '/api/devices', {
      name: 'Porch',
      kind: 'climate-node',
      id: 'porch',
    });
    const { secret } = (device as { credentials: { secret: string } }).credentials;
    const board = await connectAsync(`mqtt://127.0.0.1:${hearth.command.mqttPort}`, {
      username: 'porch',
      password: secret,
      clientId: 'porch',
      reconnectPeriod: 0,
    });
    await board.publishAsync('hearth/porch/telemetry', '{"temperature":20}', { qos: 1 });
    const page = await visit.context.newPage();
    await page.goto('/');
    await page.getByText('20.0\u202f°C').waitFor();
    // Another tab changes the home; this one hears of it.
    const settings = await visit.context.newPage();
    await settings.goto('/settings');
    await settings.getByLabel('Units').selectOption('imperial');
    await settings.getByRole('button', { name: 'Save' }).click();
    await page.getByText('68.0\u202f°F').waitFor();
    await board.endAsync();
  });

  it('signs out for good', async () => {
    const other = await hearth.visit();
    await hearth.signIn(other);
    await other.page.goto('/settings');
    const main = other.page.getByRole('main');
    await main.getByRole('button', { name: 'Sign out' }).click();
    await other.page.waitForURL('**/login');
    const answer = await other.context.request.get('/api/me');
    expect(answer.status()).toBe(401);
  });
});

// A board of one's own: registered in the browser, turned away with a wrong secret, heard with the right
// one, lost when its plug is pulled, renamed, given a new secret, deleted.
import { needsTool } from '@hearth/testkit';
import { connect, connectAsync, type MqttClient } from 'mqtt';
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
/** How soon a pulled plug must show, in milliseconds. */
const OFFLINE_WITHIN_MS = 2_000;
const chromium = needsTool('chromium');

chromium.describe('the life of a device', () => {
  let hearth: BrowserStack;
  let visit: Visit;
  const clients: MqttClient[] = [];
  beforeAll(async () => {
    hearth = await BrowserStack.start(chromium.path);
    visit = await hearth.visit();
    await hearth.setUp(visit);
  }, 3 * MINUTE);
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.endAsync(true)));
  });
  afterAll(() => hearth?.close(), MINUTE);

  interface Registered {
    readonly page: Page;
    readonly username: string;
    readonly secret: string;
  }

  /** Registers a climate node by hand; leaves the page at its secret. */
  async function register(name: string): Promise<Registered> {
    const page = await visit.context.newPage();
    await page.goto('/register');
    await page.getByRole('textbox', { name: 'Name' }).fill(name);
    await page.getByRole('button', { name: 'Register' }).click();
    await page.getByText('Waiting for the first message').waitFor();
    const value = (term: string) =>
      page.locator('dt', { hasText: term }).locator('xpath=following-sibling::dd[1]').innerText();
    return { page, username: await value('User name'), secret: await value('Secret') };
  }

  function credentials({ username, secret }: Pick<Registered, 'username' | 'secret'>) {
    return { username, password: secret, clientId: username, reconnectPeriod: 0 };
  }

  async function connectBoard(device: Pick<Registered, 'username' | 'secret'>) {
    const url = `mqtt://127.0.0.1:${hearth.command.mqttPort}`;
    const client = await connectAsync(url, credentials(device));
    clients.push(client);
    return client;
  }

  it('names a wrong secret, turns green at the first reading', async () => {
    const { page, username, secret } = await register('Green house');
    await screenshot(page, 'register-waiting');
    const intruder = connect(`mqtt://127.0.0.1:${hearth.command.mqttPort}`, {
      ...credentials({ username, secret: 'not the secret' }),
    });
    const refusal = await new Promise<Error>((resolve) => intruder.once('error', resolve));
    await intruder.endAsync(true);
    expect(refusal.message).toMatch(/bad username or password/i);
    await page.getByRole('heading', { name: 'Wrong secret' }).waitFor();
    await screenshot(page, 'register-wrong-secret');

    const board = await connectBoard({ username, secret });
    await page.getByRole('heading', { name: 'Connected, waiting' }).waitFor();
    await board.publishAsync(`hearth/${username}/telemetry`, '{"temperature":21.4}', { qos: 1 });
    await page.getByRole('heading', { name: 'Green house is here' }).waitFor();
    await page.getByText('21.4\u202f°C').waitFor();
    await screenshot(page, 'register-arrived');
    expect(visit.complaints).toEqual([]);
  });

  it('tells what was wrong with the topic and with the payload', async () => {
    const { page, username, secret } = await register('Clumsy board');
    const board = await connectBoard({ username, secret });
    // The broker may cut a client that publishes elsewhere; this one does not care.
    board.on('error', () => {});
    board.publish('hearth/somebody-else/telemetry', '{"temperature":1}', { qos: 0 });
    await page.getByRole('heading', { name: 'Connected, but on the wrong topic' }).waitFor();
    const again = await connectBoard({ username, secret });
    await again.publishAsync(`hearth/${username}/telemetry`, '{temp: 21', { qos: 1 });
    await page.getByRole('heading', { name: /not understood/ }).waitFor();
    await screenshot(page, 'register-not-understood');
  });

  it('shows offline within two seconds when the plug is pulled, and online again', async () => {
    const { page, username, secret } = await register('Pulled plug');
    const board = await connectBoard({ username, secret });
    await board.publishAsync(`hearth/${username}/telemetry`, '{"temperature":20}', { qos: 1 });
    await page.goto(`/devices/${username}`);
    await page.getByText('Online', { exact: true }).first().waitFor();

    const offline = page.getByText('Offline', { exact: true }).first().waitFor();
    const pulledAt = Date.now();
    board.stream.destroy();
    await offline;
    expect(Date.now() - pulledAt).toBeLessThan(OFFLINE_WITHIN_MS);
    await screenshot(page, 'device-offline');

    await connectBoard({ username, secret });
    await page.getByText('Online', { exact: true }).first().waitFor();
  });

  it('says that its clock is wrong, and that it is set again', async () => {
    const { page, username, secret } = await register('Wrong zone');
    const board = await connectBoard({ username, secret });
    const send = (aheadMs: number) =>
      board.publishAsync(
        `hearth/${username}/telemetry`,
        `{"temperature":20,"ts":${Date.now() + aheadMs}}`,
        { qos: 1 },
      );
    await send(0);
    await page.goto(`/devices/${username}`);
    await page.getByText('20.0\u202f°C').first().waitFor();
    await send(60 * MINUTE + 900);
    // The page is open: it hears of it by itself.
    await page.getByText(/^The clock of this device is 1\u202fh ahead\./).waitFor();
    await page.getByText('Clock 1\u202fh ahead').waitFor();
    await settled(page);
    await screenshot(page, 'device-clock');
    expect(await accessibilityFaults(page)).toEqual([]);
    expect(await sidewaysOverflow(page)).toBe(0);
    await send(0);
    await page.getByText(/^The clock of this device/).waitFor({ state: 'hidden' });
    expect(visit.complaints).toEqual([]);
  });

  it('keeps the old secret from working once there is a new one', async () => {
    const { page, username, secret } = await register('Rotated');
    await page.goto(`/devices/${username}`);
    await page.getByRole('button', { name: 'New secret' }).click();
    await page.getByRole('button', { name: 'Make a new secret' }).click();
    const dialog = page.getByRole('dialog', { name: 'New secret of Rotated' });
    const fresh = await dialog
      .locator('dt', { hasText: 'Secret' })
      .locator('xpath=following-sibling::dd[1]')
      .innerText();
    await page.keyboard.press('Escape');
    await dialog.waitFor();
    await dialog.getByRole('button', { name: 'I have it' }).click();
    await dialog.waitFor({ state: 'hidden' });
    expect(fresh).not.toBe(secret);
    await expect(connectBoard({ username, secret })).rejects.toThrow(/bad username or password/i);
    await connectBoard({ username, secret: fresh });
  });

  it('renames a device, moves it to a room, and deletes it by name only', async () => {
    await hearth.post(visit.context, '/api/rooms', { name: 'Attic' });
    const { page, username } = await register('Old name');
    await page.goto(`/devices/${username}`);
    await page.getByRole('textbox', { name: 'Name' }).fill('');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('Must not be empty').waitFor();
    await page.getByRole('textbox', { name: 'Name' }).fill('New name');
    await page.getByLabel('Room').selectOption('Attic');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('heading', { name: 'New name', level: 1 }).waitFor();

    await page.getByRole('button', { name: 'Delete this device' }).click();
    const confirm = page.getByRole('button', { name: 'Delete device and readings' });
    expect(await confirm.isDisabled()).toBe(true);
    await page.getByLabel(/to confirm/).fill('New name');
    await confirm.click();
    await page.waitForURL('**/devices');
    await page.getByText('New name is deleted').waitFor();
    const answer = await visit.context.request.get(`/api/devices/${username}`);
    expect(answer.status()).toBe(404);
  });
});

// From the link in the terminal to a house full of readings, as a person does it.
import { copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { needsTool } from '@hearth/testkit';
import {
  accessibilityFaults,
  BrowserStack,
  OWNER,
  screenshot,
  settled,
  sidewaysOverflow,
  type VisitOptions,
} from '../support/browser.js';
import { eventually } from '../support/eventually.js';

const MINUTE = 60_000;
const FIRST_READINGS = /Temperature[^]*\d+\.\d[^]*°C[^]*Humidity[^]*%/;
const chromium = needsTool('chromium');

const PAGES = [
  ['home', '/'],
  ['devices', '/devices'],
  ['device', '/devices/living-room-climate'],
  ['thermostat', '/devices/living-room-heat-pump'],
  ['contact', '/devices/front-door'],
  ['register', '/register'],
  ['climate', '/climate'],
  ['inbox', '/inbox'],
  ['simulator', '/simulator'],
  ['settings', '/settings'],
  ['login', '/login'],
] as const;

chromium.describe('the first run', () => {
  let hearth: BrowserStack;
  beforeAll(async () => {
    hearth = await BrowserStack.start(chromium.path);
    await leadsToReadings();
  }, 3 * MINUTE);
  afterAll(() => hearth?.close(), MINUTE);

  let firstReading = '';
  let setupComplaints: string[] = [];

  /** Everything below needs a house; the way to it is the first thing that is tested. */
  async function leadsToReadings(): Promise<void> {
    const { page, complaints } = await hearth.visit();
    await page.goto(hearth.command.setupUrl ?? '');
    await page.getByLabel('Your name').fill(OWNER.name);
    await page.getByLabel('Email').fill(OWNER.email);
    await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
    await page.getByLabel('Name of your home').fill('Hagebuttenweg 4');
    await screenshot(page, 'setup');
    await page.getByRole('button', { name: 'Make this my home' }).click();
    await page.getByRole('heading', { name: 'Hagebuttenweg 4 is ready' }).waitFor();
    await screenshot(page, 'ways-on');
    await page.getByRole('button', { name: /Start a simulated home/ }).click();
    const livingRoom = page.getByRole('region', { name: 'Living room' });
    // Not the first number: a thermostat shows its target before anything was measured.
    await livingRoom.filter({ hasText: FIRST_READINGS }).waitFor();
    firstReading = await livingRoom.innerText();
    setupComplaints = complaints;
    await page.close();
  }

  it('shows the first readings of the simulated home without a complaint of the browser', () => {
    expect(firstReading).toMatch(FIRST_READINGS);
    expect(setupComplaints).toEqual([]);
  });

  it('starts from the time zone of the browser', async () => {
    const { page } = await signedIn();
    await page.goto('/settings');
    await expect(page.getByLabel('Time zone').inputValue()).resolves.toBe('Europe/Berlin');
  });

  it('says that Hearth is set up already when the link is opened again', async () => {
    const { page } = await hearth.visit();
    await page.goto(hearth.command.setupUrl ?? '');
    await page.getByRole('heading', { name: 'Hearth is set up already' }).waitFor();
  });

  it('leads who is not signed in to the sign-in page and back', async () => {
    const { page } = await hearth.visit();
    await page.goto('/devices');
    await page.waitForURL('**/login?next=%2Fdevices');
    await page.getByLabel('Email').fill(OWNER.email);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Email or password is not right.').waitFor();
    await page.getByLabel('Password', { exact: true }).fill(OWNER.password);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Devices' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/devices');
  });

  it('lets values change by themselves', async () => {
    const { page } = await signedIn();
    await page.goto('/devices/house-energy');
    const values = () =>
      page.evaluate(() =>
        [...document.querySelectorAll('[role="radio"] > .text-2xl')].map((one) => one.textContent),
      );
    await page.getByRole('radio', { name: /Power/ }).waitFor();
    const before = await values();
    // Power, voltage and signal are noisy; four of them do not all stay the same for long.
    expect(before).toHaveLength(4);
    await eventually('a value changes', async () => (await values()).join() !== before.join());
  });

  it('lets a history be read by keys, as a table, and closer', async () => {
    const { page, complaints } = await signedIn();
    await page.goto('/devices/living-room-heat-pump?metric=temperature');
    const history = page.getByRole('region', { name: 'History of Temperature' });
    const chart = history.getByRole('application');
    await settled(page);
    await history.getByText('Target, °C').waitFor();
    await chart.press('End');
    await history.getByText(/Temperature \d+\.\d °C/).waitFor();
    const last = await history.locator('p[aria-live]').innerText();
    // Neighbours may read the same: one minute, one rounded value.
    await eventually('the crosshair moves', async () => {
      await chart.press('ArrowLeft');
      return (await history.locator('p[aria-live]').innerText()) !== last;
    });
    const plot = (await chart.boundingBox())!;
    await page.mouse.move(plot.x + plot.width * 0.5, plot.y + plot.height / 2);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width * 0.7, plot.y + plot.height / 2, { steps: 5 });
    await page.mouse.up();
    await history.getByRole('button', { name: 'Back to 24 h' }).waitFor();
    await screenshot(page, 'history-zoomed');
    await chart.dblclick();
    await history.getByText('Live', { exact: true }).waitFor();
    await history.getByRole('radio', { name: '1 h' }).click();
    await history.getByRole('button', { name: 'Show as a table' }).click();
    await history.getByRole('columnheader', { name: 'Highest' }).waitFor();
    expect(await history.getByRole('row').count()).toBeGreaterThan(2);
    expect(complaints).toEqual([]);
  });

  it.each<[string, VisitOptions]>([
    ['desktop-light', {}],
    ['desktop-dark', { theme: 'dark' }],
    ['phone-light', { size: 'narrow' }],
    ['phone-dark', { size: 'narrow', theme: 'dark' }],
  ])(
    'passes axe, fits and keeps quiet on every page (%s)',
    async (name, options) => {
      const visit = await signedIn(options);
      const faults: string[] = [];
      for (const [title, path] of PAGES) {
        await visit.page.goto(path);
        await settled(visit.page);
        await screenshot(visit.page, `${title}-${name}`);
        const overflow = await sidewaysOverflow(visit.page);
        if (overflow > 0) faults.push(`${path} is ${overflow} px too wide`);
        const found = await accessibilityFaults(visit.page);
        faults.push(...found.map((fault) => `${path} ${fault}`));
      }
      expect(faults).toEqual([]);
      expect(visit.complaints).toEqual([]);
    },
    2 * MINUTE,
  );

  it('is worth a picture', async () => {
    const { page } = await signedIn();
    await page.goto('/');
    await settled(page);
    await screenshot(page, 'readme');
    // The README's picture is renewed only when somebody asks: every run would change it.
    if ((process.env['HEARTH_README_PICTURE'] ?? '') === '') return;
    const folder = new URL('../../docs/images/', import.meta.url);
    mkdirSync(folder, { recursive: true });
    copyFileSync(
      fileURLToPath(new URL('../../test-results/browser/readme.png', import.meta.url)),
      fileURLToPath(new URL('dashboard.png', folder)),
    );
  });

  async function signedIn(options: VisitOptions = {}) {
    const visit = await hearth.visit(options);
    await hearth.signIn(visit);
    return visit;
  }
});

// Heating from the browser: a change goes out, is followed by eye, and says so when the device is away.
import { needsTool } from '@hearth/testkit';
import type { Locator } from 'playwright-core';
import { BrowserStack, screenshot, type Visit } from '../support/browser.js';

const MINUTE = 60_000;
const chromium = needsTool('chromium');

chromium.describe('climate', () => {
  let hearth: BrowserStack;
  let visit: Visit;
  beforeAll(async () => {
    hearth = await BrowserStack.start(chromium.path);
    visit = await hearth.visit();
    await hearth.setUp(visit);
    await hearth.post(visit.context, '/api/simulator/start', {});
    // The heat pumps have reported.
    await visit.page.goto('/climate');
    await visit.page
      .getByText(/^Confirmed by the device/)
      .nth(1)
      .waitFor();
  }, 3 * MINUTE);
  afterAll(() => hearth?.close(), MINUTE);

  /** The sentence that is said when the device has confirmed; the step of that name is always there. */
  const applied = (card: Locator) => card.locator('[aria-live="polite"]', { hasText: /^Applied$/ });

  it('follows a change from sent to applied', async () => {
    const page = await visit.context.newPage();
    await page.goto('/climate');
    const card = page.getByRole('region', { name: 'Thermostat Living room heat pump' });
    const target = card.getByRole('slider', { name: /Target/ });
    const before = Number(await target.getAttribute('aria-valuenow'));
    await card.getByRole('button', { name: /^Raise target/ }).click();
    await card.getByRole('button', { name: /^Raise target/ }).click();
    await applied(card).waitFor();
    await screenshot(page, 'climate-applied');
    expect(Number(await target.getAttribute('aria-valuenow'))).toBe(before + 1);
    // What the device reports, not what the page hopes: a reload knows nothing of the press.
    await page.reload();
    await card
      .getByText(/^Confirmed|^Applied/)
      .first()
      .waitFor();
    expect(Number(await target.getAttribute('aria-valuenow'))).toBe(before + 1);
  });

  it('is steered by keys and by drag', async () => {
    const page = await visit.context.newPage();
    await page.goto('/devices/living-room-heat-pump');
    const target = page.getByRole('slider', { name: /Target/ });
    const value = async () => Number(await target.getAttribute('aria-valuenow'));
    await target.waitFor();
    const before = await value();
    await target.press('ArrowDown');
    expect(await value()).toBe(before - 0.5);
    const handle = (await target.boundingBox())!;
    const face = (await page.locator('svg:has([role="slider"])').boundingBox())!;
    await page.mouse.move(handle.x + handle.width / 2, handle.y + handle.height / 2);
    await page.mouse.down();
    // The top of the ring is the middle of the scale.
    await page.mouse.move(face.x + face.width / 2, face.y + face.height * 0.09, { steps: 8 });
    await page.mouse.up();
    const { min, max } = await target.evaluate((element) => ({
      min: Number(element.getAttribute('aria-valuemin')),
      max: Number(element.getAttribute('aria-valuemax')),
    }));
    expect(await value()).toBeCloseTo((min + max) / 2, 0);
    await applied(page.getByRole('region', { name: /^Thermostat/ })).waitFor();
  });

  it('changes the mode', async () => {
    const page = await visit.context.newPage();
    await page.goto('/climate');
    const card = page.getByRole('region', { name: 'Thermostat Living room heat pump' });
    await card.getByRole('radio', { name: 'Cool', exact: true }).click();
    await applied(card).waitFor();
    await card.getByRole('radio', { name: 'Heat', exact: true }).click();
    await card.getByRole('radio', { name: 'Heat', exact: true, checked: true }).waitFor();
  });

  it(
    'says in words that the device was away, and offers to try again',
    async () => {
      const page = await visit.context.newPage();
      await hearth.post(visit.context, '/api/simulator/faults', {
        deviceId: 'bedroom-heat-pump',
        fault: 'power-cut',
      });
      await page.goto('/climate');
      const card = page.getByRole('region', { name: 'Thermostat Bedroom heat pump' });
      await card.getByText(/^Offline/).waitFor();
      await card.getByRole('button', { name: /^Raise heat to/i }).click();
      const alert = card.getByRole('alert');
      await alert.waitFor({ timeout: MINUTE });
      await screenshot(page, 'climate-away');
      expect(await alert.innerText()).toMatch(/Not set: .+/);

      await hearth.post(visit.context, '/api/simulator/faults', {
        deviceId: 'bedroom-heat-pump',
        fault: 'power-restore',
      });
      await card.getByText(/^Offline/).waitFor({ state: 'hidden' });
      await card.getByRole('button', { name: 'Try again' }).click();
      await applied(card).waitFor();
    },
    2 * MINUTE,
  );
});

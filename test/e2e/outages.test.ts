// What the page says while a part of the house is away, and that it comes back by itself.
import { readdirSync, readFileSync } from 'node:fs';
import { needsTool } from '@hearth/testkit';
import { openDatabaseLink, type DatabaseLink } from '../support/database-link.js';
import { BrowserStack, screenshot, type Visit } from '../support/browser.js';

const MINUTE = 60_000;
const chromium = needsTool('chromium');

chromium.describe('outages', () => {
  let link: DatabaseLink;
  let hearth: BrowserStack;
  let visit: Visit;
  beforeAll(async () => {
    hearth = await BrowserStack.start(chromium.path, {
      linkDatabase: async (url) => {
        link = await openDatabaseLink(url);
        return link.url;
      },
    });
    visit = await hearth.visit();
    await hearth.setUp(visit);
  }, 3 * MINUTE);
  afterAll(async () => {
    await hearth?.close();
    await link?.close();
  }, MINUTE);

  it(
    'says that the database is away and takes it back when it returns',
    async () => {
      const page = await visit.context.newPage();
      await page.goto('/');
      await page.getByRole('heading', { name: 'Nothing here yet' }).waitFor();
      await link.cut();
      await page.getByText('The database is away.').waitFor({ timeout: MINUTE });
      await screenshot(page, 'database-away');
      await link.mend();
      await page.getByText('The database is away.').waitFor({ state: 'hidden', timeout: MINUTE });
    },
    2 * MINUTE,
  );

  it('says that the disk is full', async () => {
    const page = await visit.context.newPage();
    const fill = (text: string): string =>
      text.replace('"problem":null', '"problem":"disk-full"').replace('"ok"', '"degraded"');
    await page.route('**/api/health', async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, body: fill(await response.text()) });
    });
    // The feed tells it as well, in its welcome and whenever it changes.
    await page.routeWebSocket('**/live', (socket) => {
      const server = socket.connectToServer();
      server.onMessage((message) => socket.send(fill(String(message))));
    });
    await page.goto('/');
    await page.getByRole('status').filter({ hasText: 'The disk is full.' }).waitFor();
    await screenshot(page, 'disk-full');
    await page.close();
  });

  it(
    'reconnects to a server that was killed, and shows what happened meanwhile',
    async () => {
      const page = await visit.context.newPage();
      await page.goto('/settings');
      await page.getByRole('heading', { name: 'Rooms' }).waitFor();
      process.kill(pidOfApi(hearth.dataDir), 'SIGKILL');
      await page.getByText('Reconnecting.').waitFor();
      await screenshot(page, 'reconnecting');
      await page.getByText('Reconnecting.').waitFor({ state: 'hidden', timeout: MINUTE });
      await hearth.post(visit.context, '/api/rooms', { name: 'Built meanwhile' });
      await page.getByText('Built meanwhile').waitFor();
    },
    2 * MINUTE,
  );
});

/** The api among the children of the command: the one whose program it is and whose data folder is ours. */
function pidOfApi(dataDir: string): number {
  const pid = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .find((name) => {
      try {
        const command = readFileSync(`/proc/${name}/cmdline`, 'utf8');
        const environment = readFileSync(`/proc/${name}/environ`, 'utf8');
        return command.includes('apps/api/dist/main.js') && environment.includes(dataDir);
      } catch {
        return false; // it ended while we looked
      }
    });
  if (pid === undefined) throw new Error('the api does not run');
  return Number(pid);
}

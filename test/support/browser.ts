// A real Chromium in front of the whole of Hearth: `hearth start` with a database of its own. A visit
// notes whatever the browser complains about and every request that would leave the house.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTestDatabase } from '@hearth/db/testing';
import type { AxeResults } from 'axe-core';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { startCommand, type RunningCommand } from './hearth-command.js';

export const OWNER = {
  name: 'Ada',
  email: 'ada@example.org',
  password: 'correct horse battery',
} as const;

/** How long a page may take for what a test waits for, in milliseconds. */
const PATIENCE_MS = 15_000;
const SIZES = {
  desktop: { width: 1440, height: 900 },
  phone: { width: 390, height: 844 },
  /** The narrowest phone that the dashboard promises to fit. */
  narrow: { width: 360, height: 740 },
} as const;

const screenshots = fileURLToPath(new URL('../../test-results/browser/', import.meta.url));
const axeSource = readFileSync(
  createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
  'utf8',
);

export interface StackOptions {
  /** Puts something between the api and its database; answers the address to use. */
  readonly linkDatabase?: (databaseUrl: string) => Promise<string>;
}

export interface VisitOptions {
  readonly size?: keyof typeof SIZES;
  readonly theme?: 'light' | 'dark';
}

/** One browser profile and its page. */
export interface Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Errors on the console, exceptions, and requests to other hosts. */
  readonly complaints: string[];
}

/** The running product and a browser. `await hearth.close()` in `afterAll`. */
export class BrowserStack {
  readonly command: RunningCommand;
  readonly dataDir: string;
  readonly #browser: Browser;
  readonly #dropDatabase: () => Promise<void>;

  private constructor(
    command: RunningCommand,
    dataDir: string,
    browser: Browser,
    dropDatabase: () => Promise<void>,
  ) {
    this.command = command;
    this.dataDir = dataDir;
    this.#browser = browser;
    this.#dropDatabase = dropDatabase;
  }

  static async start(chromiumPath: string, options: StackOptions = {}): Promise<BrowserStack> {
    const database = await createTestDatabase();
    const dataDir = mkdtempSync(join(tmpdir(), 'hearth-browser-'));
    const databaseUrl = (await options.linkDatabase?.(database.url)) ?? database.url;
    const command = await startCommand({
      HEARTH_DATA_DIR: dataDir,
      DATABASE_URL: databaseUrl,
      // A port that stays: with 0, an api that is killed and started again would have another one.
      HEARTH_API_PORT: String(await findFreePort()),
    });
    const browser = await chromium.launch({
      executablePath: chromiumPath,
      // Chromium refuses its sandbox to root, which CI containers are.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    return new BrowserStack(command, dataDir, browser, () => database.drop());
  }

  get url(): string {
    return this.command.url;
  }

  /** A fresh browser profile. */
  async visit({ size = 'desktop', theme = 'light' }: VisitOptions = {}): Promise<Visit> {
    const context = await this.#browser.newContext({
      baseURL: this.url,
      viewport: SIZES[size],
      isMobile: size !== 'desktop',
      hasTouch: size !== 'desktop',
      colorScheme: theme,
      reducedMotion: 'reduce',
      locale: 'en-GB',
      timezoneId: 'Europe/Berlin',
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      const url = new URL(request.url());
      const isOurs = url.origin === new URL(this.url).origin;
      if (!isOurs && !['data:', 'blob:'].includes(url.protocol)) complaints.push(request.url());
    });
    return { page, context, complaints };
  }

  /** Does the first-run setup without a page; the visit is signed in as the owner. */
  async setUp({ context }: Visit): Promise<void> {
    const token = new URL(this.command.setupUrl ?? '').searchParams.get('token');
    const home = { name: 'Test home', timeZone: 'Europe/Berlin', units: 'metric' };
    await this.post(context, '/api/setup', { token, owner: OWNER, home });
  }

  /** Signs the visit in as the owner, without a page. */
  async signIn({ context }: Visit): Promise<void> {
    const { email, password } = OWNER;
    await this.post(context, '/api/auth/sign-in/email', { email, password });
  }

  /** A call of the API with the visit's session; fails the test unless it is accepted. */
  async post(context: BrowserContext, path: string, data: unknown): Promise<unknown> {
    const answer = await context.request.post(path, { data, headers: { origin: this.url } });
    if (!answer.ok())
      throw new Error(`${path} answered ${answer.status()}: ${await answer.text()}`);
    return answer.json();
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.command.stop();
    await this.#dropDatabase();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}

function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** Keeps a picture of the page under test-results/browser. */
export async function screenshot(page: Page, name: string): Promise<void> {
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

/** What axe finds against WCAG 2.2 A and AA: one line a finding, none on a good page. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  // Not by a script element: the page's own policy would refuse it.
  await page.evaluate(axeSource);
  const results = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(context: Document, options: object): Promise<AxeResults> };
    };
    return axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    });
  });
  return results.violations.flatMap((violation) =>
    violation.nodes.map(
      (node) => `${violation.id}: ${node.target.join(' ')} ${node.failureSummary}`,
    ),
  );
}

/**
 * How far the page is wider than its window, in pixels. Not measured against `innerWidth`: a phone zooms
 * out until a page that is too wide fits.
 */
export async function sidewaysOverflow(page: Page): Promise<number> {
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  return width - (page.viewportSize()?.width ?? 0);
}

/** Resolves when nothing is being fetched any more and no skeleton is left. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() => document.querySelector('h1') !== null);
  await page.waitForFunction(
    () => document.querySelector('.skeleton, [aria-busy="true"]') === null,
  );
}

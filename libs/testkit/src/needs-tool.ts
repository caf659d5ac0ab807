// Tests that need a tool of the machine: skipped with its name where it is missing, failed in CI.

import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';

interface Tool {
  /** Names to look for on the PATH and in the system folders, or whole paths. */
  candidates: readonly string[];
  /** Arguments with which a candidate must exit with 0 to count. */
  probe?: readonly string[];
  debianPackage: string;
}

const tools = {
  mosquitto: { candidates: ['mosquitto'], debianPackage: 'mosquitto' },
  mosquitto_passwd: { candidates: ['mosquitto_passwd'], debianPackage: 'mosquitto' },
  mosquitto_pub: { candidates: ['mosquitto_pub'], debianPackage: 'mosquitto-clients' },
  mosquitto_sub: { candidates: ['mosquitto_sub'], debianPackage: 'mosquitto-clients' },
  'python3-paho-mqtt': {
    candidates: ['/usr/bin/python3', 'python3'],
    probe: ['-c', 'import paho.mqtt.client'],
    debianPackage: 'python3-paho-mqtt',
  },
  python3: { candidates: ['python3'], debianPackage: 'python3' },
  chromium: { candidates: ['chromium', 'chromium-browser'], debianPackage: 'chromium' },
  tshark: { candidates: ['tshark'], debianPackage: 'tshark' },
  'g++': { candidates: ['g++'], debianPackage: 'g++' },
  micropython: { candidates: ['micropython'], debianPackage: 'micropython' },
} satisfies Record<string, Tool>;

/** A tool that `needsTool` knows how to find. */
export type ToolName = keyof typeof tools;

type DeclareTest = (name: string, run: () => void | Promise<void>, timeoutMs?: number) => void;
type DeclareGroup = (name: string, body: () => void) => void;

/** The part of Jest's globals that is used here. */
export interface TestGlobals {
  it: DeclareTest & { skip: DeclareTest };
  describe: DeclareGroup;
}

/** A tool's path and the declarations of tests that need it. */
export interface NeededTool {
  /** Absolute path. Throws when the tool is missing, so read it inside a test. */
  readonly path: string;
  readonly isInstalled: boolean;
  /** `it`: a test that is skipped (in CI: fails) where the tool is missing. */
  readonly it: DeclareTest;
  /** `describe`: a group that is skipped (in CI: fails) where the tool is missing. */
  readonly describe: DeclareGroup;
}

/**
 * Finds a tool of the machine. Where it is missing, tests declared through the result are skipped
 * with a name that says so, and fail instead when the environment variable CI is set.
 */
export function needsTool(name: ToolName): NeededTool {
  const tool: Tool = tools[name];
  const path = findTool(tool);
  const globals = globalThis as unknown as TestGlobals;
  if (path !== undefined) {
    return { path, isInstalled: true, it: globals.it, describe: globals.describe };
  }
  const missing = `needs ${name}, which is not installed (Debian package ${tool.debianPackage})`;
  const isCi = (process.env['CI'] ?? '') !== '';
  return missingTool(missing, isCi, globals);
}

/** The declarations for a tool that is not there: `missing` says which. */
export function missingTool(missing: string, isCi: boolean, globals: TestGlobals): NeededTool {
  const fail = (): never => {
    throw new Error(missing);
  };
  const declare: DeclareTest = (title) =>
    isCi ? globals.it(title, fail) : globals.it.skip(`${title} [skipped: ${missing}]`, () => {});
  return {
    get path(): string {
      return fail();
    },
    isInstalled: false,
    it: declare,
    describe: (title) => globals.describe(title, () => declare('runs', () => {})),
  };
}

function findTool(tool: Tool): string | undefined {
  for (const path of tool.candidates.flatMap(placesOf)) {
    if (isExecutable(path) && answersProbe(path, tool.probe)) return path;
  }
  return undefined;
}

function placesOf(candidate: string): string[] {
  if (isAbsolute(candidate)) return [candidate];
  // Debian keeps servers in sbin, which an ordinary user's PATH lacks.
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin'];
  return folders.filter((folder) => folder !== '').map((folder) => join(folder, candidate));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function answersProbe(path: string, probe: readonly string[] | undefined): boolean {
  if (probe === undefined) return true;
  try {
    execFileSync(path, probe, { stdio: 'ignore', timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

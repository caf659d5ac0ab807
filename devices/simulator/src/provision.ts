// Asks a running Hearth to register the devices that the simulator wants to be, and for their credentials.
import { readFile } from 'node:fs/promises';
import {
  problemSchema,
  provisionResponseSchema,
  type ProvisionRequest,
  type SimulatedDevice,
} from '@hearth/contracts';
import { SimulatorError } from './errors.js';

/** Where Hearth is, and the token that says that we run on the owner's machine. */
export interface Access {
  /** For example `http://127.0.0.1:3001`. */
  readonly apiUrl: string;
  readonly tokenFile: string;
}

export interface Provisioned {
  readonly brokerUrl: string;
  /** Secret of every device that was asked for, by id. */
  readonly secrets: ReadonlyMap<string, string>;
}

const REQUEST_TIMEOUT_MS = 30_000;
const START_FIRST = 'start Hearth first with: npm start';

function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

async function readToken(tokenFile: string): Promise<string> {
  try {
    return (await readFile(tokenFile, 'utf8')).trim();
  } catch (error) {
    const why = isMissing(error)
      ? `there is no token file ${tokenFile}; ${START_FIRST}, with the same data folder`
      : `cannot read the token file ${tokenFile}`;
    throw new SimulatorError(why, { cause: error });
  }
}

async function request(access: Access, path: string, body?: unknown): Promise<Response> {
  const token = await readToken(access.tokenFile);
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const url = new URL(path, access.apiUrl);
  try {
    return await fetch(url, {
      headers,
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
  } catch (error) {
    throw new SimulatorError(`Hearth does not answer at ${url.origin}; ${START_FIRST}`, {
      cause: error,
    });
  }
}

async function describe(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  const problem = problemSchema.safeParse(body);
  if (!problem.success) return `status ${response.status}`;
  const fields = (problem.data.errors ?? []).map(({ field, message }) => `${field} ${message}`);
  const detail = problem.data.detail ?? problem.data.title;
  return [`status ${response.status}`, detail, ...fields].join(', ');
}

/** Registers what is missing and gives every device fresh credentials. Throws `SimulatorError` with the way out. */
export async function provision(
  access: Access,
  devices: readonly SimulatedDevice[],
): Promise<Provisioned> {
  const wanted: ProvisionRequest = { devices: [...devices] };
  const response = await request(access, '/api/simulator/devices', wanted);
  if (response.status === 401 || response.status === 403) {
    throw new SimulatorError(
      `Hearth did not accept the token in ${access.tokenFile}: it belongs to another start or another data folder`,
    );
  }
  if (!response.ok) {
    throw new SimulatorError(`Hearth refused the devices: ${await describe(response)}`);
  }
  const parsed = provisionResponseSchema.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) {
    throw new SimulatorError('what answers there is not Hearth, or another version of it');
  }
  const secrets = new Map(parsed.data.credentials.map(({ id, secret }) => [String(id), secret]));
  const forgotten = devices.find(({ id }) => !secrets.has(id));
  if (forgotten !== undefined) {
    throw new SimulatorError(`Hearth gave no credentials for ${forgotten.id}`);
  }
  return { brokerUrl: parsed.data.brokerUrl, secrets };
}

/** True when Hearth knows no device of this id: a house that has never been simulated here. */
export async function isUnknownDevice(access: Access, deviceId: string): Promise<boolean> {
  const response = await request(access, `/api/devices/${deviceId}`);
  await response.body?.cancel();
  return response.status === 404;
}

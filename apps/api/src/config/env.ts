// The only reader of process.env in the api.
import { resolve } from 'node:path';
import type { z } from 'zod';
import { envSchema, type LOG_LEVELS } from './env.schema.js';

/** The configuration of one api process. Ports may be 0: any free one. */
export interface Env {
  /** Absolute. */
  readonly dataDir: string;
  readonly databaseUrl: string;
  /** Where browsers find the dashboard, without a slash at the end. */
  readonly publicUrl: string;
  readonly apiPort: number;
  readonly apiHost: string;
  readonly trustedProxies: readonly string[];
  readonly mqttPort: number;
  readonly mqttHost: string;
  readonly metricsOpen: boolean;
  /** Absolute; undefined for the simulator that is installed with the api. */
  readonly simulatorMain: string | undefined;
  readonly logLevel: (typeof LOG_LEVELS)[number];
}

/** Injection token of `Env`. */
export const ENV = Symbol('Env');

/** The environment cannot be used. The message names every bad variable, one a line. */
export class BadEnvironment extends Error {
  override readonly name = 'BadEnvironment';

  constructor(issues: readonly z.core.$ZodIssue[], source: NodeJS.ProcessEnv) {
    const lines = issues.map((issue) => {
      const name = String(issue.path[0]);
      return source[name] ? `${name}: ${issue.message}` : `${name}: is not set`;
    });
    super(`The configuration cannot be used:\n  ${[...new Set(lines)].join('\n  ')}`);
  }
}

/** Parses the environment; an empty variable counts as not set. Throws `BadEnvironment`. */
export function parseEnv(source: NodeJS.ProcessEnv): Env {
  const set = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = envSchema.safeParse(set);
  if (!parsed.success) throw new BadEnvironment(parsed.error.issues, source);
  const env = parsed.data;
  const publicUrl = env.HEARTH_PUBLIC_URL ?? `http://localhost:${env.HEARTH_PORT}`;
  return {
    dataDir: resolve(env.HEARTH_DATA_DIR),
    databaseUrl: env.DATABASE_URL,
    publicUrl: publicUrl.replace(/\/+$/, ''),
    apiPort: env.HEARTH_API_PORT,
    apiHost: env.HEARTH_API_HOST,
    trustedProxies: env.HEARTH_TRUSTED_PROXIES,
    mqttPort: env.HEARTH_MQTT_PORT,
    mqttHost: env.HEARTH_MQTT_HOST,
    metricsOpen: env.HEARTH_METRICS_OPEN === 'true',
    simulatorMain: env.HEARTH_SIMULATOR_MAIN && resolve(env.HEARTH_SIMULATOR_MAIN),
    logLevel: env.HEARTH_LOG_LEVEL,
  };
}

/** The configuration of this process. Throws `BadEnvironment`. */
export function readEnv(): Env {
  return parseEnv(process.env);
}

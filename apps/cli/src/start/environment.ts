// The variables that `hearth start` itself needs; the api and the dashboard parse their own.
import { resolve } from 'node:path';
import { z } from 'zod';

const port = z.coerce.number().int().min(0).max(65_535);

const environmentSchema = z.object({
  HEARTH_DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(?:ql)?:\/\//, 'must begin with postgres:// or postgresql://')
    .optional(),
  HEARTH_PORT: port.default(3000),
  HEARTH_HOST: z.string().min(1).default('0.0.0.0'),
  HEARTH_API_PORT: port.default(3001),
  HEARTH_MQTT_PORT: port.default(1883),
  HEARTH_MQTT_HOST: z.string().min(1).default('0.0.0.0'),
});

export interface StartEnvironment {
  readonly dataDir: string;
  readonly databaseUrl: string | undefined;
  readonly host: string;
  readonly port: number;
  readonly apiPort: number;
  readonly mqttHost: string;
  readonly mqttPort: number;
}

/** Parses the environment; throws one error that names every bad variable. */
export function parseStartEnvironment(variables: NodeJS.ProcessEnv): StartEnvironment {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => describeIssue(issue, given));
    throw new Error(`These environment variables are wrong:\n${lines.join('\n')}`);
  }
  const environment = parsed.data;
  return {
    dataDir: resolve(environment.HEARTH_DATA_DIR),
    databaseUrl: environment.DATABASE_URL,
    host: environment.HEARTH_HOST,
    port: environment.HEARTH_PORT,
    apiPort: environment.HEARTH_API_PORT,
    mqttHost: environment.HEARTH_MQTT_HOST,
    mqttPort: environment.HEARTH_MQTT_PORT,
  };
}

/** Shows the bad value, unless it may hold a password. */
function describeIssue(issue: z.core.$ZodIssue, given: Record<string, string | undefined>): string {
  const variable = String(issue.path[0]);
  const value = variable === 'DATABASE_URL' ? '' : ` (is ${JSON.stringify(given[variable])})`;
  return `  ${variable}: ${issue.message}${value}`;
}

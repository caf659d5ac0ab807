// The environment of the dashboard's server: parsed once, every bad variable named.
import { z } from 'zod';

const environmentSchema = z.object({
  HEARTH_PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  HEARTH_HOST: z.string().min(1).default('0.0.0.0'),
  HEARTH_API_URL: z
    .url({ protocol: /^https?$/, message: 'must be an http or https address' })
    .default('http://127.0.0.1:3001'),
});

/**
 * @typedef {{ port: number, host: string, apiUrl: URL }} Environment
 */

/**
 * Throws one error that names every bad variable.
 * @param {Record<string, string | undefined>} variables
 * @returns {Environment}
 */
export function parseEnvironment(variables) {
  const given = Object.fromEntries(
    Object.entries(variables).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environmentSchema.safeParse(given);
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0]);
      return `  ${name}: ${issue.message} (is ${JSON.stringify(given[name])})`;
    });
    throw new Error(`These environment variables are wrong:\n${lines.join('\n')}`);
  }
  return {
    port: parsed.data.HEARTH_PORT,
    host: parsed.data.HEARTH_HOST,
    apiUrl: new URL(parsed.data.HEARTH_API_URL),
  };
}

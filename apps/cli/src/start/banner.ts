import { networkInterfaces } from 'node:os';
import colours from 'picocolors';

export interface BannerFacts {
  readonly port: number;
  readonly mqttPort: number;
  readonly setupUrl: string | undefined;
  readonly dataDir: string;
  readonly database: 'embedded' | 'external';
}

/** What the terminal says once all is up. */
export function banner(facts: BannerFacts): string {
  const lines = [
    '',
    `  ${colours.bold('Hearth is running.')}`,
    '',
    `  Dashboard   ${colours.cyan(`http://localhost:${facts.port}`)}`,
    ...localAddresses().map((address) => `              http://${address}:${facts.port}`),
    `  MQTT        port ${facts.mqttPort}`,
    `  Data        ${facts.dataDir}${facts.database === 'external' ? ' (readings in the database of DATABASE_URL)' : ''}`,
    '',
  ];
  if (facts.setupUrl !== undefined) {
    lines.push(
      `  ${colours.bold('First run:')} open this link once to create your account and your home`,
      `  ${colours.cyan(facts.setupUrl)}`,
      '',
    );
  }
  lines.push(`  ${colours.dim('Ctrl+C stops everything. Your data stays.')}`, '');
  return `${lines.join('\n')}\n`;
}

function localAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter((address) => address.family === 'IPv4' && !address.internal)
    .map((address) => address.address)
    .slice(0, 2);
}

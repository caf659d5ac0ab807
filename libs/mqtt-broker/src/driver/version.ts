import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('../../package.json') as { version: string };

/** What the broker calls itself in `$SYS/broker/version`. */
export const brokerVersion = `hearth-broker version ${version}`;

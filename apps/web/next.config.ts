import { fileURLToPath } from 'node:url';
import type { NextConfig } from 'next';

const config: NextConfig = {
  poweredByHeader: false,
  reactStrictMode: true,
  // Pages are shells; their data comes from the query cache. A shell fetched once is good for a while.
  experimental: { staleTimes: { dynamic: 300 } },
  turbopack: { root: fileURLToPath(new URL('../../', import.meta.url)) },
};

export default config;

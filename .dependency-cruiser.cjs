// dependency-cruiser 17 hands every file to swc without its `tsx` switch (its own source has a TODO there), and
// JSX is then a syntax error. Version 18 wants Node 22. The switch is put in here, for .tsx files only:
// with it, `<T>value` in a .ts file would not parse.
const swc = require('@swc/core');
const parseFileSync = swc.parseFileSync.bind(swc);
swc.parseFileSync = (file, options) =>
  parseFileSync(file, { ...options, tsx: file.endsWith('.tsx') });

/** The fence between rooms. Every rule's comment says what to do instead. @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'everything-resolves',
      comment:
        'An import that does not resolve makes the other rules blind. Fix the path or install the package.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'no-circular',
      comment: 'A cycle means a missing third noun, or an event.',
      severity: 'error',
      // The generated Prisma client refers to itself in circles of types.
      from: { pathNot: '^libs/db/src/generated/' },
      to: { circular: true },
    },
    {
      name: 'libs-never-import-apps',
      comment: 'Turn it round: the app passes a port to the lib.',
      severity: 'error',
      from: { path: '^libs/' },
      to: { path: '^apps/' },
    },
    {
      name: 'apps-never-import-each-other',
      comment: 'Apps talk over HTTP, the live socket or MQTT; shared words live in libs/contracts.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'contracts-is-a-leaf',
      comment: 'Contracts must run in a browser and know nobody.',
      severity: 'error',
      from: { path: '^libs/contracts/' },
      to: { path: '^(libs|apps|devices)/', pathNot: '^libs/contracts/' },
    },
    {
      name: 'contracts-does-no-io',
      comment: 'Contracts must run in a browser: no Node modules.',
      severity: 'error',
      from: { path: '^libs/contracts/src/', pathNot: '\\.spec\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'broker-knows-no-domain',
      comment: 'The broker moves bytes on topics. What a topic means is known first by ingest.',
      severity: 'error',
      from: { path: '^libs/mqtt-broker/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(libs|apps|devices)/', pathNot: '^libs/mqtt-broker/' },
    },
    {
      name: 'broker-core-does-no-io',
      comment:
        'Protocol logic returns values and calls small ports; listener/, driver/, storage/log/ and cli/ act.',
      severity: 'error',
      from: {
        path: '^libs/mqtt-broker/src/',
        pathNot: '^libs/mqtt-broker/src/(listener|driver|cli|storage/log)/|\\.spec\\.ts$',
      },
      to: {
        path: '^(node:)?(net|tls|fs|http|https|dgram|timers|worker_threads)($|/)',
        dependencyTypes: ['core'],
      },
    },
    {
      name: 'ingest-knows-contracts-only',
      comment: 'Storage, broker and Nest reach ingest through its ports.',
      severity: 'error',
      from: { path: '^libs/ingest/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(libs|apps|devices)/', pathNot: '^libs/(ingest|contracts)/' },
    },
    {
      name: 'history-knows-contracts-only',
      comment: "Pure: what is read from and written to Postgres is the api's business.",
      severity: 'error',
      from: { path: '^libs/history/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(libs|apps|devices)/', pathNot: '^libs/(history|contracts)/' },
    },
    {
      name: 'history-does-no-io',
      comment: 'Zipping is computing; everything else of Node is I/O.',
      severity: 'error',
      from: { path: '^libs/history/src/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(node:)?(?!zlib|buffer)', dependencyTypes: ['core'] },
    },
    {
      name: 'db-knows-nobody',
      comment: 'libs/db owns the connection and the generated client, nothing else.',
      severity: 'error',
      from: { path: '^libs/db/' },
      to: { path: '^(libs|apps|devices)/', pathNot: '^libs/db/' },
    },
    {
      name: 'web-knows-contracts-only',
      comment:
        'The web knows the HTTP and live schemas; a Prisma type can never reach a component.',
      severity: 'error',
      from: { path: '^apps/web/' },
      to: { path: '^(libs|devices)/', pathNot: '^libs/contracts/' },
    },
    {
      name: 'simulator-knows-contracts-only',
      comment: 'A simulated device is a device: it speaks MQTT through contracts.',
      severity: 'error',
      from: { path: '^devices/simulator/', pathNot: '\\.spec\\.ts$' },
      to: { path: '^(libs|apps)/', pathNot: '^libs/contracts/' },
    },
    {
      name: 'testkit-only-in-tests',
      comment: 'The test kit is never shipped.',
      severity: 'error',
      from: { path: '^(apps|libs|devices)/', pathNot: ['^libs/testkit/', '\\.spec\\.tsx?$'] },
      to: { path: '^libs/testkit/' },
    },
    {
      name: 'testkit-never-uses-our-broker',
      comment: 'A judge that shares the codec shares its bugs.',
      severity: 'error',
      from: { path: '^libs/testkit/' },
      to: { path: '^(libs|apps|devices)/', pathNot: '^libs/(testkit|contracts)/' },
    },
    {
      name: 'charts-own-chart-js',
      comment: 'Draw through apps/web/src/charts.',
      severity: 'error',
      from: { path: '^apps/web/', pathNot: '^apps/web/src/charts/' },
      to: { path: 'node_modules/chart\\.js' },
    },
    {
      name: 'api-database-only-in-repositories',
      comment:
        'Services ask a repository; only repositories, the database module and auth touch libs/db.',
      severity: 'error',
      from: {
        path: '^apps/api/src/',
        pathNot: ['\\.repository\\.ts$', '^apps/api/src/database/', '\\.spec\\.ts$'],
      },
      to: { path: '^libs/db/' },
    },
    {
      name: 'database-for-tests-only-in-tests',
      comment: 'The second door of libs/db makes and drops databases.',
      severity: 'error',
      from: { path: '^(apps|libs|devices)/', pathNot: ['^libs/db/', '\\.spec\\.ts$'] },
      to: { path: '^libs/db/src/testing\\.ts$' },
    },
    {
      name: 'use-the-door',
      comment: "Import the lib's index, not its inside.",
      severity: 'error',
      from: { path: '^(apps|libs|devices|test)/([^/]+)/' },
      to: {
        path: '^(libs|devices)/[^/]+/src/',
        // libs/db has a second door, for tests.
        pathNot: ['^$1/$2/', '^(libs|devices)/[^/]+/src/index\\.ts$', '^libs/db/src/testing\\.ts$'],
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|\\.next|bin)/' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['hearth-source', 'import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js'],
    },
  },
};

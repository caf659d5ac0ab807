// Counterpart of global-postgres.js.
export default async function tearDown() {
  await globalThis.stopTestPostgres?.();
}

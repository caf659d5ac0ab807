// Jest's global set-up for the projects that need Postgres: one server for the run. JavaScript, because Jest loads it without
// the transform; it uses the compiled libs/db, which `npm test` brings up to date first.
import { startTestServer } from '@hearth/db/testing';

export default async function setUp() {
  globalThis.stopTestPostgres = await startTestServer();
}

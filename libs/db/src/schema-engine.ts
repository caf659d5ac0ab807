// Prisma's schema engine, in process, from its WASM package: no binary is downloaded. Internal to Prisma, hence pinned.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';
import { connectEngine } from './engine-adapter.js';

type SchemaEngine = Awaited<ReturnType<typeof bindings.SchemaEngine.new>>;

/** The generated declarations leave out what only the loader calls. */
interface Loadable {
  __wbg_set_wasm(exports: WebAssembly.Exports): void;
}

type Imports = Record<string, (...args: unknown[]) => unknown>;

/** The engine guards its advisory lock with a ten second timer that it never clears; no process should wait for that. */
function withoutLingeringTimers(imports: Imports): WebAssembly.ModuleImports {
  return Object.fromEntries(
    Object.entries(imports).map(([name, call]) => [
      name,
      name.startsWith('__wbg_setTimeout_')
        ? (...args: unknown[]) => (call(...args) as NodeJS.Timeout).unref()
        : call,
    ]),
  );
}

/** Where the engine reports a panic before it ends; without it the cause is lost. */
const PANICS = {
  set_message: (message: string) => {
    throw new Error(`Prisma's schema engine failed: ${message}`);
  },
};

let loaded: Promise<void> | undefined;

function load(): Promise<void> {
  loaded ??= (async () => {
    Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: PANICS });
    const require = createRequire(import.meta.url);
    const script = require.resolve('@prisma/schema-engine-wasm/schema_engine_bg');
    const module = await WebAssembly.compile(await readFile(script.replace(/\.js$/, '.wasm')));
    const instance = await WebAssembly.instantiate(module, {
      './schema_engine_bg.js': withoutLingeringTimers(bindings as unknown as Imports),
    });
    (bindings as unknown as Loadable).__wbg_set_wasm(instance.exports);
    (instance.exports['__wbindgen_start'] as () => void)();
  })();
  return loaded;
}

/** No table is managed by anybody else. */
export const NO_FILTERS = { externalTables: [], externalEnums: [] };

/** Runs `work` with an engine that is connected to `databaseUrl`. */
export async function withSchemaEngine<T>(
  databaseUrl: string,
  work: (engine: SchemaEngine) => Promise<T>,
): Promise<T> {
  await load();
  const connection = connectEngine(databaseUrl);
  try {
    const engine = await bindings.SchemaEngine.new(
      { datamodels: undefined },
      () => {},
      bindMigrationAwareSqlAdapterFactory(connection.factory),
    );
    try {
      return await work(engine);
    } finally {
      engine.free();
    }
  } finally {
    await connection.close();
  }
}

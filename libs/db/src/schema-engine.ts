// Prisma's schema engine, in process, from its WASM package: no binary is downloaded. Internal to Prisma, hence pinned.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPg } from '@prisma/adapter-pg';
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg';

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

let loaded: Promise<void> | undefined;

function load(): Promise<void> {
  loaded ??= (async () => {
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
  const postgres = new PrismaPg({ connectionString: databaseUrl });
  // The engine opens connections and leaves closing them to whoever made the factory.
  const adapters: { dispose(): Promise<void> }[] = [];
  const connect = postgres.connect.bind(postgres);
  postgres.connect = async () => {
    const adapter = await connect();
    adapters.push(adapter);
    return adapter;
  };
  const engine = await bindings.SchemaEngine.new(
    { datamodels: undefined },
    () => {},
    bindMigrationAwareSqlAdapterFactory(postgres),
  );
  try {
    return await work(engine);
  } finally {
    engine.free();
    await Promise.all(adapters.map((adapter) => adapter.dispose()));
  }
}

// Where in a JSON payload a value stands. Only own fields are ever followed: `__proto__` and `length` lead nowhere.

/** The keys of a dotted path (`data.0.temp`) or a JSON pointer (`/data/0/temp`, RFC 6901); none for the whole payload. */
export function parsePath(path: string): string[] {
  if (path === '') return [];
  if (!path.startsWith('/')) return path.split('.');
  const keys = path.slice(1).split('/');
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/** What stands there; undefined when nothing does. */
export function readPath(json: unknown, keys: readonly string[]): unknown {
  let value = json;
  for (const key of keys) {
    if (Array.isArray(value)) value = readEntry(value, key);
    else if (isObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

const INDEX = /^(?:0|[1-9]\d{0,6})$/;

function readEntry(list: readonly unknown[], key: string): unknown {
  return INDEX.test(key) ? list[Number(key)] : undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

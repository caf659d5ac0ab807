/** `T` without fields that are there but undefined. */
export type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that have a value. For writes that must leave the others as they are. */
export function defined<T extends object>(fields: T): Defined<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<T>;
}

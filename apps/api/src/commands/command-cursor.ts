// Where a page of commands ends: the creation time and the id of its last one, as opaque text. Pure.
import { commandIdSchema, type CommandId } from '@hearth/contracts';

export interface CommandCursor {
  readonly createdAtMs: number;
  readonly id: CommandId;
}

export function toCursorText({ createdAtMs, id }: CommandCursor): string {
  return `${createdAtMs.toString(36)}.${id}`;
}

/** Undefined for text that no page ended with. */
export function parseCursor(text: string): CommandCursor | undefined {
  const [time = '', rest = ''] = text.split('.', 2);
  const id = commandIdSchema.safeParse(rest);
  if (!/^[0-9a-z]{1,10}$/.test(time) || !id.success) return undefined;
  // Ten digits stay within what a Date can hold.
  return { createdAtMs: Number.parseInt(time, 36), id: id.data };
}

// What a command's life looks like to people. Pure.
import { FINAL_COMMAND_STATUSES, type Command, type CommandStatus } from '@hearth/contracts';

/** Most commands that a page keeps of one device. */
const MAX_KEPT_COMMANDS = 100;

/** The list with this command in it, newest first; an older word about it is replaced. */
export function upsertCommand(commands: readonly Command[], command: Command): Command[] {
  const known = commands.find((one) => one.id === command.id);
  if (known !== undefined && rank(known.status) > rank(command.status)) return [...commands];
  const others = commands.filter((one) => one.id !== command.id);
  return [command, ...others]
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt))
    .slice(0, MAX_KEPT_COMMANDS);
}

const ORDER: readonly CommandStatus[] = ['queued', 'sent', 'delivered', 'accepted'];

/** Later in life is higher; frames may overtake answers. */
function rank(status: CommandStatus): number {
  return FINAL_COMMAND_STATUSES.has(status) ? ORDER.length : ORDER.indexOf(status);
}

export function isUnderWay(command: Command): boolean {
  return !FINAL_COMMAND_STATUSES.has(command.status);
}

export type Step = {
  readonly name: 'Sent' | 'Delivered' | 'Applied';
  readonly at: string | null;
  readonly state: 'done' | 'now' | 'ahead' | 'failed';
};

/** The three steps that people are shown, and how far the command got. */
export function stepsOf(command: Command): readonly Step[] {
  const applied = command.status === 'applied';
  const failed = !isUnderWay(command) && !applied;
  const marks = [
    { name: 'Sent', at: command.sentAt },
    { name: 'Delivered', at: command.deliveredAt ?? (applied ? command.acceptedAt : null) },
    { name: 'Applied', at: applied ? command.finishedAt : null },
  ] as const;
  let reached = 0;
  marks.forEach((mark, index) => {
    if (mark.at !== null) reached = index + 1;
  });
  return marks.map((mark, index) => {
    if (index < reached) return { ...mark, state: 'done' };
    if (index > reached) return { ...mark, state: 'ahead' };
    return { ...mark, state: failed ? 'failed' : 'now' };
  });
}

const WORDS: Readonly<Record<CommandStatus, string>> = {
  queued: 'Waiting for the device to connect',
  sent: 'Sent, the device has not confirmed it yet',
  delivered: 'The device has it',
  accepted: 'The device is working on it',
  applied: 'Applied',
  rejected: 'The device refused it',
  expired: 'The device did not answer in time',
  superseded: 'A newer command took its place',
};

/** One sentence: what is happening with it, or what went wrong. */
export function describeCommand(command: Command): string {
  return command.reason ?? WORDS[command.status];
}

/** `climate` → Climate; the arguments as `mode heat, target 21.5`. */
export function describeArguments(args: Command['args']): string {
  return Object.entries(args)
    .map(
      ([name, value]) =>
        `${name.replaceAll('_', ' ')} ${typeof value === 'string' ? value.replaceAll('_', ' ') : JSON.stringify(value)}`,
    )
    .join(', ');
}

// The unfinished commands of all devices. Each sign from the broker, a device or the clock moves some of
// them on, and those that moved are the answer. Does no I/O and reads no clock.
import type { ClimateState, CommandId, DeviceId } from '@hearth/contracts';
import {
  advance,
  isFinal,
  isReflectedBy,
  supersedes,
  type CommandRecord,
  type CommandSign,
} from './command-life.js';

export class OpenCommands {
  /** Oldest first. */
  readonly #commands = new Map<CommandId, CommandRecord>();
  /** Sent ones whose effect was reported before their acknowledgement was seen. */
  readonly #reflectedEarly = new Set<CommandId>();

  get isEmpty(): boolean {
    return this.#commands.size === 0;
  }

  find(id: CommandId): CommandRecord | undefined {
    return this.#commands.get(id);
  }

  listOf(deviceId: DeviceId): CommandRecord[] {
    return [...this.#commands.values()].filter((command) => command.deviceId === deviceId);
  }

  /** Adds a command; answers with the older ones that it supersedes. */
  add(command: CommandRecord, atMs: number): CommandRecord[] {
    const superseded = this.listOf(command.deviceId)
      .filter((older) => supersedes(command, older))
      .flatMap((older) => this.advance(older.id, { type: 'superseded' }, atMs));
    this.#commands.set(command.id, command);
    return superseded;
  }

  /** The command as it became, or nothing when it is finished, unknown, or did not move. */
  advance(id: CommandId, sign: CommandSign, atMs: number): CommandRecord[] {
    const before = this.#commands.get(id);
    if (!before) return [];
    const after = advance(before, sign, atMs);
    if (after === before) return [];
    this.#keep(after);
    if (isFinal(after) || !this.#isReflectedEarly(after)) return [after];
    return [after, ...this.advance(id, { type: 'reflected' }, atMs)];
  }

  /**
   * A thermostat reported its state. It shows the work of a command only if the device has the command:
   * a state that happened to fit before says nothing.
   */
  reflect(deviceId: DeviceId, state: ClimateState, atMs: number): CommandRecord[] {
    return this.listOf(deviceId).flatMap((command) => {
      if (command.status === 'queued' || !isReflectedBy(command, state)) return [];
      if (command.status !== 'sent') return this.advance(command.id, { type: 'reflected' }, atMs);
      // The report may overtake the acknowledgement: one is QoS 1, the other takes four packets.
      this.#reflectedEarly.add(command.id);
      return [];
    });
  }

  /** Ends what is past its time. */
  expire(atMs: number, isConnected: (deviceId: DeviceId) => boolean): CommandRecord[] {
    return [...this.#commands.values()]
      .filter((command) => command.expiresAtMs <= atMs)
      .flatMap(({ id, deviceId }) =>
        this.advance(id, { type: 'timed-out', connected: isConnected(deviceId) }, atMs),
      );
  }

  forgetDevice(deviceId: DeviceId): CommandRecord[] {
    const forgotten = this.listOf(deviceId);
    for (const { id } of forgotten) this.#drop(id);
    return forgotten;
  }

  #isReflectedEarly({ id, status }: CommandRecord): boolean {
    return (status === 'delivered' || status === 'accepted') && this.#reflectedEarly.has(id);
  }

  #keep(command: CommandRecord): void {
    if (isFinal(command)) this.#drop(command.id);
    else this.#commands.set(command.id, command);
  }

  #drop(id: CommandId): void {
    this.#commands.delete(id);
    this.#reflectedEarly.delete(id);
  }
}

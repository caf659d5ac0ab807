// The simulated house: started and stopped from the dashboard, its faults made on request.
import { Injectable } from '@nestjs/common';
import {
  COMMAND_TIMEOUT_DEFAULT_SECONDS,
  deviceIdSchema,
  SIMULATION_CONTROLLER_ID,
  type Command,
  type faultRequestSchema,
  type HomeId,
  type SimulatorStatus,
} from '@hearth/contracts';
import type { z } from 'zod';
import { actorName, type Actor } from '../auth/access.js';
import { CommandService } from '../commands/command.service.js';
import { DeviceNotFound } from '../devices/errors.js';
import { Directory } from '../directory/directory.js';
import { PresenceService } from '../presence/presence.service.js';
import { NotASimulatedDevice, SimulatorAway } from './errors.js';
import { SimulatorRunner } from './simulator-runner.js';

const CONTROLLER_ID = deviceIdSchema.parse(SIMULATION_CONTROLLER_ID);

@Injectable()
export class SimulatorService {
  readonly #runner: SimulatorRunner;
  readonly #directory: Directory;
  readonly #presence: PresenceService;
  readonly #commands: CommandService;

  constructor(
    runner: SimulatorRunner,
    directory: Directory,
    presence: PresenceService,
    commands: CommandService,
  ) {
    this.#runner = runner;
    this.#directory = directory;
    this.#presence = presence;
    this.#commands = commands;
  }

  status(homeId: HomeId): SimulatorStatus {
    const { isRunning, startedAtMs, error } = this.#runner;
    return {
      running: isRunning,
      startedAt: startedAtMs === undefined ? null : new Date(startedAtMs).toISOString(),
      error,
      devices: this.#directory
        .listDevices()
        .filter((device) => device.simulated && device.homeId === homeId)
        .map(({ id, name }) => ({
          id,
          name,
          online: this.#presence.current(id)?.state === 'online',
        })),
    };
  }

  /** Throws `SimulatorMissing`. A house that runs already goes on. */
  start(homeId: HomeId): SimulatorStatus {
    this.#runner.startHouse();
    return this.status(homeId);
  }

  /** Answers when the house is gone. */
  async stop(homeId: HomeId): Promise<SimulatorStatus> {
    await this.#runner.stop();
    return this.status(homeId);
  }

  /** Throws `DeviceNotFound`, `NotASimulatedDevice` or `SimulatorAway`. */
  fault(
    homeId: HomeId,
    { deviceId, fault, seconds }: z.output<typeof faultRequestSchema>,
    actor: Actor,
  ): Promise<Command> {
    const device = this.#directory.findDevice(deviceId);
    if (device?.homeId !== homeId) throw new DeviceNotFound();
    if (!device.simulated) throw new NotASimulatedDevice();
    if (!this.#presence.isConnected(CONTROLLER_ID)) throw new SimulatorAway();
    return this.#commands.create({
      deviceId: CONTROLLER_ID,
      name: fault,
      args: { device: deviceId, ...(seconds !== undefined && { seconds }) },
      timeoutMs: COMMAND_TIMEOUT_DEFAULT_SECONDS * 1_000,
      requestedBy: actorName(actor),
    });
  }
}

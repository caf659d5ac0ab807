import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import {
  commandAcceptedSchema,
  commandCreateSchema,
  commandIdSchema,
  commandSchema,
  deviceIdSchema,
  pageOf,
  pageQuerySchema,
  type DeviceId,
  type HomeId,
} from '@hearth/contracts';
import { z } from 'zod';
import { actorName, CurrentActor, CurrentHome, type Actor } from '../auth/access.js';
import { climateArgumentFaults, climateCapabilities } from '../climate/climate-change.js';
import { Contract } from '../common/contract.js';
import { InvalidInput } from '../common/errors.js';
import { DeviceNotFound } from '../devices/errors.js';
import { Directory, type RegisteredDevice } from '../directory/directory.js';
import { CLIMATE_COMMAND } from './command-life.js';
import { CommandService } from './command.service.js';
import { CommandNotFound, NotAThermostat } from './errors.js';

/** Longest that a request may wait for the end of a command, seconds: proxies give up after a minute. */
const MAX_WAIT_SECONDS = 50;

const deviceParamsSchema = z.object({ id: deviceIdSchema });
const commandParamsSchema = z.object({ id: commandIdSchema });
const waitQuerySchema = z.object({
  /** `final`: answer when the command is finished, or after `timeoutSeconds`. */
  wait: z.enum(['final']).optional(),
  timeoutSeconds: z.coerce.number().min(0).max(MAX_WAIT_SECONDS).default(20),
});

@Controller()
export class CommandController {
  readonly #commands: CommandService;
  readonly #directory: Directory;

  constructor(commands: CommandService, directory: Directory) {
    this.#commands = commands;
    this.#directory = directory;
  }

  @Post('devices/:id/commands')
  @Contract({
    summary: 'Send a command to a device',
    params: deviceParamsSchema,
    body: commandCreateSchema,
    response: commandAcceptedSchema,
    status: 202,
  })
  async create(
    @Param() { id }: z.output<typeof deviceParamsSchema>,
    @Body() body: z.output<typeof commandCreateSchema>,
    @CurrentHome() homeId: HomeId,
    @CurrentActor() actor: Actor,
  ) {
    const device = this.#getDevice(homeId, id);
    if (body.name === CLIMATE_COMMAND) assertClimateArguments(device, body.args);
    const command = await this.#commands.create({
      deviceId: id,
      name: body.name,
      args: body.args,
      timeoutMs: body.timeoutSeconds * 1_000,
      requestedBy: actorName(actor),
    });
    return { command };
  }

  @Get('devices/:id/commands')
  @Contract({
    summary: 'Commands of a device, newest first',
    params: deviceParamsSchema,
    query: pageQuerySchema,
    response: pageOf(commandSchema),
  })
  list(
    @Param() { id }: z.output<typeof deviceParamsSchema>,
    @Query() { cursor, limit }: z.output<typeof pageQuerySchema>,
    @CurrentHome() homeId: HomeId,
  ) {
    this.#getDevice(homeId, id);
    return this.#commands.list(id, cursor, limit);
  }

  @Get('commands/:id')
  @Contract({
    summary: 'What became of a command',
    params: commandParamsSchema,
    query: waitQuerySchema,
    response: commandSchema,
  })
  async get(
    @Param() { id }: z.output<typeof commandParamsSchema>,
    @Query() { wait, timeoutSeconds }: z.output<typeof waitQuerySchema>,
    @CurrentHome() homeId: HomeId,
  ) {
    const command = await this.#commands.get(id);
    // Of another home: as if there were none, and without waiting for it.
    if (this.#directory.findDevice(command.deviceId)?.homeId !== homeId) {
      throw new CommandNotFound();
    }
    return wait === 'final' ? this.#commands.getFinal(id, timeoutSeconds * 1_000) : command;
  }

  #getDevice(homeId: HomeId, id: DeviceId): RegisteredDevice {
    const device = this.#directory.findDevice(id);
    if (device?.homeId !== homeId) throw new DeviceNotFound();
    return device;
  }
}

function assertClimateArguments(device: RegisteredDevice, args: unknown): void {
  const capabilities = climateCapabilities(device);
  if (!capabilities) throw new NotAThermostat();
  const faults = climateArgumentFaults(args, capabilities).map(({ field, message }) => ({
    field: field === '' ? 'args' : `args.${field}`,
    message,
  }));
  if (faults.length > 0) throw new InvalidInput(faults);
}

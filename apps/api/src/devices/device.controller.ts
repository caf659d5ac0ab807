import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import {
  deviceChangeSchema,
  deviceCreateSchema,
  deviceIdSchema,
  deviceSchema,
  deviceWithSecretSchema,
  type HomeId,
} from '@hearth/contracts';
import { z } from 'zod';
import { CurrentActor, CurrentHome, Roles, type Actor } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { DeviceView } from './device-view.service.js';
import { DeviceService } from './device.service.js';

const deviceParamsSchema = z.object({ id: deviceIdSchema });
type DeviceParams = z.output<typeof deviceParamsSchema>;

@Controller('devices')
export class DeviceController {
  readonly #devices: DeviceService;
  readonly #view: DeviceView;

  constructor(devices: DeviceService, view: DeviceView) {
    this.#devices = devices;
    this.#view = view;
  }

  @Get()
  @Contract({
    summary: 'List the devices with their newest values',
    response: z.object({ items: z.array(deviceSchema) }),
  })
  async list(@CurrentHome() homeId: HomeId) {
    const devices = await this.#devices.list(homeId);
    return { items: devices.map((device) => this.#view.of(device)) };
  }

  @Post()
  @Roles('owner')
  @Contract({
    summary: 'Register a device; its secret is shown this once',
    body: deviceCreateSchema,
    response: deviceWithSecretSchema,
    status: 201,
  })
  async register(
    @Body() body: z.output<typeof deviceCreateSchema>,
    @CurrentHome() homeId: HomeId,
    @CurrentActor() actor: Actor,
  ) {
    return this.#view.withSecret(await this.#devices.register(homeId, body, actor));
  }

  @Get(':id')
  @Contract({ summary: 'One device', params: deviceParamsSchema, response: deviceSchema })
  async get(@Param() { id }: DeviceParams, @CurrentHome() homeId: HomeId) {
    return this.#view.of(await this.#devices.get(homeId, id));
  }

  @Patch(':id')
  @Contract({
    summary: 'Rename a device or move it to a room',
    params: deviceParamsSchema,
    body: deviceChangeSchema,
    response: deviceSchema,
  })
  async change(
    @Param() { id }: DeviceParams,
    @Body() body: z.output<typeof deviceChangeSchema>,
    @CurrentHome() homeId: HomeId,
    @CurrentActor() actor: Actor,
  ) {
    return this.#view.of(await this.#devices.change(homeId, id, body, actor));
  }

  @Post(':id/secret')
  @Roles('owner')
  @Contract({
    summary: 'Give a device a new secret, shown this once; the old one ends now',
    params: deviceParamsSchema,
    response: deviceWithSecretSchema,
    status: 201,
  })
  async rotate(
    @Param() { id }: DeviceParams,
    @CurrentHome() homeId: HomeId,
    @CurrentActor() actor: Actor,
  ) {
    return this.#view.withSecret(await this.#devices.rotate(homeId, id, actor));
  }

  @Delete(':id')
  @Roles('owner')
  @Contract({ summary: 'Remove a device and all it has sent', params: deviceParamsSchema })
  remove(
    @Param() { id }: DeviceParams,
    @CurrentHome() homeId: HomeId,
    @CurrentActor() actor: Actor,
  ) {
    return this.#devices.remove(homeId, id, actor);
  }
}

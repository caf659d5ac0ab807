import { Controller, Get, Param, Query } from '@nestjs/common';
import {
  deviceClockQuerySchema,
  deviceClockSchema,
  deviceIdSchema,
  type HomeId,
} from '@hearth/contracts';
import { z } from 'zod';
import { CurrentHome } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { Directory } from '../directory/directory.js';
import { DeviceNotFound } from '../directory/errors.js';
import { DeviceClocks } from './device-clocks.service.js';

const clockParamsSchema = z.object({ id: deviceIdSchema });

@Controller('devices/:id/clock')
export class DeviceClockController {
  readonly #clocks: DeviceClocks;
  readonly #directory: Directory;

  constructor(clocks: DeviceClocks, directory: Directory) {
    this.#clocks = clocks;
    this.#directory = directory;
  }

  @Get()
  @Contract({
    summary: 'When the times that a device gave differed from those of arrival, and by how much',
    params: clockParamsSchema,
    query: deviceClockQuerySchema,
    response: deviceClockSchema,
  })
  describe(
    @Param() { id }: z.output<typeof clockParamsSchema>,
    @Query() { ts }: z.output<typeof deviceClockQuerySchema>,
    @CurrentHome() homeId: HomeId,
  ) {
    if (this.#directory.findDevice(id)?.homeId !== homeId) throw new DeviceNotFound();
    return this.#clocks.describe(id, ts);
  }
}

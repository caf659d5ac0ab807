import { Controller, Get, Param, Query } from '@nestjs/common';
import { deviceIdSchema, presenceTimelineSchema, type HomeId } from '@hearth/contracts';
import { z } from 'zod';
import { CurrentHome } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { DeviceNotFound } from '../devices/errors.js';
import { Directory } from '../directory/directory.js';
import { PresenceService } from './presence.service.js';

const DAY_MS = 24 * 3_600_000;
const epochMs = z.coerce.number().int().min(0).max(8_640_000_000_000_000);

const timelineParamsSchema = z.object({ id: deviceIdSchema });
/** `from` and `to` are epoch milliseconds; without them, the last day. */
const timelineQuerySchema = z
  .object({
    from: epochMs.default(() => Date.now() - DAY_MS),
    to: epochMs.default(() => Date.now()),
  })
  .refine((query) => query.from < query.to, { message: 'must be before to', path: ['from'] });

@Controller('devices/:id/presence')
export class PresenceController {
  readonly #presence: PresenceService;
  readonly #directory: Directory;

  constructor(presence: PresenceService, directory: Directory) {
    this.#presence = presence;
    this.#directory = directory;
  }

  @Get()
  @Contract({
    summary: 'When the device was online, and why not',
    params: timelineParamsSchema,
    query: timelineQuerySchema,
    response: presenceTimelineSchema,
  })
  timeline(
    @Param() { id }: z.output<typeof timelineParamsSchema>,
    @Query() { from, to }: z.output<typeof timelineQuerySchema>,
    @CurrentHome() homeId: HomeId,
  ) {
    if (this.#directory.findDevice(id)?.homeId !== homeId) throw new DeviceNotFound();
    return this.#presence.timeline(id, from, to);
  }
}

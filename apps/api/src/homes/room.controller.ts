import { Body, Controller, Delete, Get, Param, Patch, Post } from '@nestjs/common';
import {
  roomChangeSchema,
  roomCreateSchema,
  roomIdSchema,
  roomSchema,
  type HomeId,
} from '@hearth/contracts';
import { z } from 'zod';
import { CurrentActor, CurrentHome, type Actor } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { RoomService } from './room.service.js';

const roomParamsSchema = z.object({ id: roomIdSchema });
type RoomParams = z.output<typeof roomParamsSchema>;

@Controller('rooms')
export class RoomController {
  readonly #rooms: RoomService;

  constructor(rooms: RoomService) {
    this.#rooms = rooms;
  }

  @Get()
  @Contract({ summary: 'List the rooms', response: z.object({ items: z.array(roomSchema) }) })
  async list(@CurrentHome() homeId: HomeId) {
    return { items: await this.#rooms.list(homeId) };
  }

  @Post()
  @Contract({ summary: 'Add a room', body: roomCreateSchema, response: roomSchema, status: 201 })
  create(
    @Body() body: z.output<typeof roomCreateSchema>,
    @CurrentHome() homeId: HomeId,
    @CurrentActor() actor: Actor,
  ) {
    return this.#rooms.create(homeId, body.name, actor);
  }

  @Patch(':id')
  @Contract({
    summary: 'Rename a room or move it in the list',
    params: roomParamsSchema,
    body: roomChangeSchema,
    response: roomSchema,
  })
  change(
    @Param() { id }: RoomParams,
    @Body() body: z.output<typeof roomChangeSchema>,
    @CurrentHome() homeId: HomeId,
    @CurrentActor() actor: Actor,
  ) {
    return this.#rooms.change(homeId, id, body, actor);
  }

  @Delete(':id')
  @Contract({ summary: 'Remove a room; its devices stay', params: roomParamsSchema })
  remove(@Param() { id }: RoomParams, @CurrentHome() homeId: HomeId, @CurrentActor() actor: Actor) {
    return this.#rooms.remove(homeId, id, actor);
  }
}

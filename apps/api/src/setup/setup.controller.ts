import { Body, Controller, Get, Post, Req, Res } from '@nestjs/common';
import { setupRequestSchema, setupResponseSchema, setupStatusSchema } from '@hearth/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { Public } from '../auth/access.js';
import { clientOf } from '../auth/client.js';
import { Contract } from '../common/contract.js';
import { SetupService } from './setup.service.js';

@Controller('setup')
@Public()
export class SetupController {
  readonly #setup: SetupService;

  constructor(setup: SetupService) {
    this.#setup = setup;
  }

  @Get()
  @Contract({
    summary: 'Whether the first-run setup is still to be done',
    response: setupStatusSchema,
  })
  async status() {
    return { needed: await this.#setup.isNeeded() };
  }

  @Post()
  @Contract({
    summary: 'Make the owner and the home with the one-time token; signs the owner in',
    body: setupRequestSchema,
    response: setupResponseSchema,
    status: 201,
  })
  async finish(
    @Body() body: z.output<typeof setupRequestSchema>,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const { home, signedIn } = await this.#setup.finish(body, clientOf(request));
    reply.header('set-cookie', [...signedIn.cookies]);
    return { home };
  }
}

import { Body, Controller, Get, Post, Req } from '@nestjs/common';
import {
  commandAcceptedSchema,
  faultRequestSchema,
  provisionRequestSchema,
  provisionResponseSchema,
  simulatorStatusSchema,
  type HomeId,
} from '@hearth/contracts';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { CurrentActor, CurrentHome, Roles, type Actor } from '../auth/access.js';
import { BrokerService } from '../broker/broker.service.js';
import { Contract } from '../common/contract.js';
import { ProvisionService } from '../devices/provision.service.js';
import { SimulatorService } from './simulator.service.js';

@Controller('simulator')
export class SimulatorController {
  readonly #simulator: SimulatorService;
  readonly #provision: ProvisionService;
  readonly #broker: BrokerService;

  constructor(simulator: SimulatorService, provision: ProvisionService, broker: BrokerService) {
    this.#simulator = simulator;
    this.#provision = provision;
    this.#broker = broker;
  }

  @Get()
  @Contract({ summary: 'Whether the simulated house runs', response: simulatorStatusSchema })
  status(@CurrentHome() homeId: HomeId) {
    return this.#simulator.status(homeId);
  }

  @Post('start')
  @Contract({ summary: 'Start the simulated house', response: simulatorStatusSchema })
  start(@CurrentHome() homeId: HomeId) {
    return this.#simulator.start(homeId);
  }

  @Post('stop')
  @Contract({ summary: 'Stop the simulated house', response: simulatorStatusSchema })
  stop(@CurrentHome() homeId: HomeId) {
    return this.#simulator.stop(homeId);
  }

  @Post('devices')
  @Roles('owner')
  @Contract({
    summary: 'Register simulated devices and give each fresh credentials, shown this once',
    body: provisionRequestSchema,
    response: provisionResponseSchema,
    status: 201,
  })
  async provision(
    @Body() body: z.output<typeof provisionRequestSchema>,
    @CurrentHome() homeId: HomeId,
    @CurrentActor() actor: Actor,
    @Req() request: FastifyRequest,
  ) {
    const credentials = await this.#provision.provision(homeId, body.devices, actor);
    // The simulator reaches the broker where it reaches the api: both are one process.
    return { brokerUrl: `mqtt://${request.hostname}:${this.#broker.port}`, credentials };
  }

  @Post('faults')
  @Contract({
    summary: 'Cut or restore the power of a simulated device',
    body: faultRequestSchema,
    response: commandAcceptedSchema,
    status: 202,
  })
  async fault(
    @Body() body: z.output<typeof faultRequestSchema>,
    @CurrentHome() homeId: HomeId,
    @CurrentActor() actor: Actor,
  ) {
    return { command: await this.#simulator.fault(homeId, body, actor) };
  }
}

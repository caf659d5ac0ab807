// Runs the simulator's process for as long as the api runs, and no longer.
import type { AddressInfo, Server } from 'node:net';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { CLOCK, type Clock } from '../common/clock.js';
import { ENV, type Env } from '../config/env.js';
import { HearthEventBus } from '../events/hearth-events.js';
import { simulatorCommand } from './simulator-command.js';
import { SimulatorProcess } from './simulator-process.js';

@Injectable()
export class SimulatorRunner extends SimulatorProcess implements OnModuleDestroy {
  readonly #env: Env;
  readonly #clock: Clock;
  readonly #host: HttpAdapterHost;

  constructor(
    @Inject(ENV) env: Env,
    @Inject(CLOCK) clock: Clock,
    host: HttpAdapterHost,
    events: HearthEventBus,
  ) {
    super(() => events.emit('changed', { what: 'simulator', deviceId: null }));
    this.#env = env;
    this.#clock = clock;
    this.#host = host;
  }

  /** Throws `SimulatorMissing`. */
  startHouse(): void {
    const server = this.#host.httpAdapter.getHttpServer() as Server;
    this.start(simulatorCommand(this.#env, server.address() as AddressInfo), this.#clock.now());
  }

  async onModuleDestroy(): Promise<void> {
    await this.stop();
  }
}

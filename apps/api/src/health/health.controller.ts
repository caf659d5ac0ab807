import { Controller, Get } from '@nestjs/common';
import { healthSchema } from '@hearth/contracts';
import { Public } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { HealthService } from './health.service.js';

@Controller('health')
@Public()
export class HealthController {
  readonly #health: HealthService;

  constructor(health: HealthService) {
    this.#health = health;
  }

  @Get()
  @Contract({ summary: 'Whether database and broker work', response: healthSchema })
  check() {
    return this.#health.check();
  }
}

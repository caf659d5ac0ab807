import { Controller, Get } from '@nestjs/common';
import { ingestStatsSchema } from '@hearth/contracts';
import { Contract } from '../common/contract.js';
import { IngestService } from './ingest.service.js';

@Controller('ingest')
export class IngestController {
  readonly #ingest: IngestService;

  constructor(ingest: IngestService) {
    this.#ingest = ingest;
  }

  @Get('stats')
  @Contract({
    summary: 'What was ingested since the start, and how fast it was acknowledged',
    response: ingestStatsSchema,
  })
  stats() {
    return this.#ingest.stats();
  }
}

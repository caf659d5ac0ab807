import { Module } from '@nestjs/common';
import { IngestModule } from '../ingest/ingest.module.js';
import { RollupsModule } from '../rollups/rollups.module.js';
import { Packer } from './packer.service.js';
import { PageRepository } from './page.repository.js';

@Module({
  imports: [IngestModule, RollupsModule],
  providers: [Packer, PageRepository],
  exports: [Packer],
})
export class PagesModule {}

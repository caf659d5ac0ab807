import { Module } from '@nestjs/common';
import { RollupRepository } from './rollup.repository.js';
import { RollupWorker } from './rollup-worker.service.js';

@Module({ providers: [RollupRepository, RollupWorker], exports: [RollupWorker] })
export class RollupsModule {}

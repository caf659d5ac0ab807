import { Module } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { DocsController } from './docs.controller.js';
import { RouteList } from './route-list.js';

@Module({
  imports: [DiscoveryModule],
  controllers: [DocsController],
  providers: [RouteList],
  exports: [RouteList],
})
export class DocsModule {}

import { Module } from '@nestjs/common';
import { Horizons } from './horizons.js';

@Module({ providers: [Horizons], exports: [Horizons] })
export class HorizonsModule {}

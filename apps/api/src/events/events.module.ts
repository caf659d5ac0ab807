import { Global, Module } from '@nestjs/common';
import { HearthEventBus } from './hearth-events.js';

@Global()
@Module({ providers: [HearthEventBus], exports: [HearthEventBus] })
export class EventsModule {}

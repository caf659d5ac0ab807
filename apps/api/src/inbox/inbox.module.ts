import { Module } from '@nestjs/common';
import { DeadLetterRepository } from './dead-letter.repository.js';
import { DiscoveredTopicRepository } from './discovered-topic.repository.js';
import { InboxController } from './inbox.controller.js';
import { InboxService } from './inbox.service.js';

@Module({
  controllers: [InboxController],
  providers: [DeadLetterRepository, DiscoveredTopicRepository, InboxService],
  exports: [InboxService],
})
export class InboxModule {}

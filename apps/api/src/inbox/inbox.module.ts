import { Module } from '@nestjs/common';
import { DeadLetterRetention } from './dead-letter-retention.service.js';
import { DeadLetterController } from './dead-letter.controller.js';
import { DeadLetterRepository } from './dead-letter.repository.js';
import { DeadLetterService } from './dead-letter.service.js';
import { DiscoveredMessageRepository } from './discovered-message.repository.js';
import { DiscoveredMessageRetention } from './discovered-message-retention.service.js';
import { DiscoveredTopicRepository } from './discovered-topic.repository.js';
import { InboxController } from './inbox.controller.js';
import { InboxService } from './inbox.service.js';

@Module({
  controllers: [DeadLetterController, InboxController],
  providers: [
    DeadLetterRepository,
    DeadLetterRetention,
    DeadLetterService,
    DiscoveredMessageRepository,
    DiscoveredMessageRetention,
    DiscoveredTopicRepository,
    InboxService,
  ],
  exports: [DiscoveredMessageRepository, DiscoveredTopicRepository, InboxService],
})
export class InboxModule {}

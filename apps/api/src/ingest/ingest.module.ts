import { Module } from '@nestjs/common';
import { DEFAULT_LIMITS, Ingest, MappingBook, SeriesBook } from '@hearth/ingest';
import { AcceptRefused, ReasonCode } from '@hearth/mqtt-broker';
import { CLOCK, type Clock } from '../common/clock.js';
import { Directory } from '../directory/directory.js';
import { InboxModule } from '../inbox/inbox.module.js';
import { InboxService } from '../inbox/inbox.service.js';
import { DeviceMakerDoor } from './device-maker-door.js';
import { GroupCommit } from './group-commit.repository.js';
import { IngestAnnouncer } from './ingest-announcer.js';
import { IngestController } from './ingest.controller.js';
import { IngestService } from './ingest.service.js';
import { NodeScheduler } from './node-scheduler.js';
import { PartitionKeeper } from './partition-keeper.service.js';
import { ReadingPartitions } from './reading-partitions.repository.js';
import { ReadingRepository } from './reading.repository.js';
import { SeriesRepository } from './series.repository.js';

function createIngest(
  devices: Directory,
  book: SeriesBook,
  readings: GroupCommit,
  inbox: InboxService,
  announcer: IngestAnnouncer,
  clock: Clock,
  mappings: MappingBook,
  maker: DeviceMakerDoor,
): Ingest {
  return new Ingest(
    {
      devices,
      mappings,
      maker,
      readings,
      deadLetters: { store: (letters) => inbox.keepDeadLetters(letters) },
      discovered: { store: (sightings) => inbox.keepSightings(sightings) },
      announcer,
      scheduler: new NodeScheduler(clock),
      overloaded: () => new AcceptRefused(ReasonCode.quotaExceeded, 'too many readings wait'),
    },
    book,
    DEFAULT_LIMITS,
  );
}

@Module({
  imports: [InboxModule],
  controllers: [IngestController],
  providers: [
    DeviceMakerDoor,
    GroupCommit,
    IngestAnnouncer,
    IngestService,
    PartitionKeeper,
    ReadingPartitions,
    ReadingRepository,
    SeriesRepository,
    { provide: MappingBook, useFactory: () => new MappingBook() },
    { provide: SeriesBook, useFactory: () => new SeriesBook(DEFAULT_LIMITS.maxSeriesPerDevice) },
    {
      provide: Ingest,
      useFactory: createIngest,
      inject: [
        Directory,
        SeriesBook,
        GroupCommit,
        InboxService,
        IngestAnnouncer,
        CLOCK,
        MappingBook,
        DeviceMakerDoor,
      ],
    },
  ],
  exports: [
    DeviceMakerDoor,
    GroupCommit,
    Ingest,
    IngestService,
    MappingBook,
    ReadingPartitions,
    SeriesBook,
  ],
})
export class IngestModule {}

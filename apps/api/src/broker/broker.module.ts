import { Module } from '@nestjs/common';
import { IngestModule } from '../ingest/ingest.module.js';
import { IngestService } from '../ingest/ingest.service.js';
import { Argon2SecretVerifier } from './argon2-secret-verifier.js';
import { BrokerController } from './broker.controller.js';
import { BrokerService } from './broker.service.js';
import { BrokerStateRepository } from './broker-state.repository.js';
import { BrokerStorage } from './broker-storage.js';
import { DeviceAuthenticator, SECRET_VERIFIER } from './device-authenticator.js';
import { INTAKE } from './intake.js';
import { RefusalService } from './refusal.service.js';
import { RevocationService } from './revocation.service.js';

@Module({
  imports: [IngestModule],
  controllers: [BrokerController],
  providers: [
    BrokerService,
    BrokerStateRepository,
    BrokerStorage,
    DeviceAuthenticator,
    RefusalService,
    RevocationService,
    { provide: SECRET_VERIFIER, useClass: Argon2SecretVerifier },
    { provide: INTAKE, useExisting: IngestService },
  ],
  exports: [BrokerService],
})
export class BrokerModule {}

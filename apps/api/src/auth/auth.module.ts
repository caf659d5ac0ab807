import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { LOGGER } from '../common/logger.js';
import { ENV } from '../config/env.js';
import { AUTH_STORE } from '../database/auth-store.js';
import { HomesModule } from '../homes/homes.module.js';
import { AccessGuard } from './access.guard.js';
import { AttemptThrottle } from './attempt-throttle.js';
import { AttemptRepository } from './attempt.repository.js';
import { AuthController } from './auth.controller.js';
import { AUTH, createAuth } from './better-auth.js';
import { IdentityService } from './identity.service.js';
import { createLocalToken, LocalToken } from './local-token.js';
import { SessionService } from './session.service.js';
import { SignInService } from './sign-in.service.js';

@Module({
  imports: [HomesModule],
  controllers: [AuthController],
  providers: [
    { provide: AUTH, useFactory: createAuth, inject: [ENV, AUTH_STORE, LOGGER] },
    { provide: LocalToken, useFactory: createLocalToken, inject: [ENV] },
    { provide: APP_GUARD, useClass: AccessGuard },
    AttemptRepository,
    AttemptThrottle,
    IdentityService,
    SessionService,
    SignInService,
  ],
  exports: [AttemptThrottle, IdentityService, LocalToken, SessionService],
})
export class AuthModule {}

import { Global, Module } from '@nestjs/common';
import { UpgradeRouter } from './upgrade-router.js';

/** One router for everybody who takes upgrades. */
@Global()
@Module({ providers: [UpgradeRouter], exports: [UpgradeRouter] })
export class UpgradeModule {}

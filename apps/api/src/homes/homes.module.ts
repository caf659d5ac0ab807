import { Module } from '@nestjs/common';
import { HomeController } from './home.controller.js';
import { HomeRepository } from './home.repository.js';
import { HomeService } from './home.service.js';
import { RoomController } from './room.controller.js';
import { RoomRepository } from './room.repository.js';
import { RoomService } from './room.service.js';

@Module({
  controllers: [HomeController, RoomController],
  providers: [HomeRepository, HomeService, RoomRepository, RoomService],
  exports: [HomeService, RoomService],
})
export class HomesModule {}

// Where the pipeline asks for devices. The registry stands behind it, which itself stands behind the pipeline.
import { Injectable } from '@nestjs/common';
import type { DeviceMaker, Refusal, WantedDevice } from '@hearth/ingest';

@Injectable()
export class DeviceMakerDoor implements DeviceMaker {
  #maker: DeviceMaker | undefined;

  /** Before the broker listens. */
  open(maker: DeviceMaker): void {
    this.#maker = maker;
  }

  async make(device: WantedDevice): Promise<Refusal | undefined> {
    if (this.#maker === undefined) throw new Error('nobody makes devices yet');
    return this.#maker.make(device);
  }
}

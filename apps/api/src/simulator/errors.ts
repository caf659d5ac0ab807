import { DomainError } from '../common/domain-error.js';

export class SimulatorMissing extends DomainError {
  constructor(cause?: unknown) {
    super(
      'unavailable',
      'simulator-missing',
      'The simulator is not part of this installation. Run it elsewhere with `npm run simulate`.',
      { cause },
    );
  }
}

export class SimulatorAway extends DomainError {
  constructor() {
    super(
      'conflict',
      'simulator-away',
      'The simulated house is not online. Start the simulator first, then try again.',
    );
  }
}

export class NotASimulatedDevice extends DomainError {
  constructor() {
    super('conflict', 'not-a-simulated-device', 'Faults can be made in simulated devices only.');
  }
}

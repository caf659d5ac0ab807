/** Something that the person at the terminal can put right. Its message is shown as it is, without a stack. */
export class SimulatorError extends Error {
  override readonly name = 'SimulatorError';
}

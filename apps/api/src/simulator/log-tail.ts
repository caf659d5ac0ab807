// The last lines that a child process wrote. Bounded in lines and in the length of each.

/** Lines kept. */
const MAX_LINES = 40;
/** Characters kept of a line. */
const MAX_LINE_LENGTH = 400;

export class LogTail {
  readonly #lines: string[] = [];
  #rest = '';

  add(chunk: string): void {
    const lines = (this.#rest + chunk).split('\n');
    this.#rest = (lines.pop() ?? '').slice(0, MAX_LINE_LENGTH);
    for (const line of lines) this.#push(line);
  }

  /** What was written last and is not blank. */
  get lastLine(): string | undefined {
    const last = this.#rest.trim() || this.#lines.findLast((line) => line.trim() !== '');
    return last?.trim();
  }

  get lines(): readonly string[] {
    return this.#lines;
  }

  #push(line: string): void {
    this.#lines.push(line.slice(0, MAX_LINE_LENGTH));
    if (this.#lines.length > MAX_LINES) this.#lines.shift();
  }
}

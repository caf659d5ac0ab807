// How far a replay is, on one line of a terminal that is drawn again, or as a line now and then where there is no terminal.

const BAR_WIDTH = 24;
const REDRAW_MS = 100;
const LOG_MS = 3_000;

const count = new Intl.NumberFormat('en');

/** Where the line goes: standard output, or a recorder. */
export interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** For example ` 47 % ███████████─────────────  125,000 readings, 41,000/s`. */
export function formatProgress(share: number, readings: number, seconds: number): string {
  const filled = Math.round(share * BAR_WIDTH);
  const bar = '█'.repeat(filled) + '─'.repeat(BAR_WIDTH - filled);
  const percent = String(Math.floor(share * 100)).padStart(3);
  const rate = seconds > 0 ? Math.round(readings / seconds) : 0;
  return `${percent} % ${bar}  ${count.format(readings)} readings, ${count.format(rate)}/s`;
}

export class ProgressLine {
  readonly #terminal: Terminal;
  #shownMs = -Infinity;
  #drawn = false;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Shows it, unless it was shown a moment ago. */
  update(share: number, readings: number, seconds: number): void {
    const isTerminal = this.#terminal.isTTY === true;
    const nowMs = seconds * 1_000;
    if (nowMs - this.#shownMs < (isTerminal ? REDRAW_MS : LOG_MS)) return;
    this.#shownMs = nowMs;
    const line = formatProgress(share, readings, seconds);
    this.#terminal.write(isTerminal ? `\r${line}\u001B[K` : `${line}\n`);
    this.#drawn = isTerminal;
  }

  /** A line that stays, above the progress. */
  print(line: string): void {
    this.#terminal.write(this.#drawn ? `\r\u001B[K${line}\n` : `${line}\n`);
    this.#drawn = false;
  }
}

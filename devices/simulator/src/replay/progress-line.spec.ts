import { formatProgress, ProgressLine } from './progress-line.js';

function recorded(isTTY: boolean) {
  const written: string[] = [];
  const line = new ProgressLine({ isTTY, write: (text) => written.push(text) });
  return { written, line };
}

describe(formatProgress.name, () => {
  it('shows share, readings and rate', () => {
    expect(formatProgress(0.5, 125_000, 2.5)).toBe(
      ' 50 % ████████████────────────  125,000 readings, 50,000/s',
    );
  });
});

describe(ProgressLine.name, () => {
  it('draws over itself on a terminal, and makes room for a line that stays', () => {
    const { written, line } = recorded(true);
    line.update(0.1, 10, 1);
    line.update(0.1, 11, 1.05);
    line.print('stays');
    expect(written).toEqual([`\r${formatProgress(0.1, 10, 1)}\u001B[K`, '\r\u001B[Kstays\n']);
  });

  it('writes a line now and then where there is no terminal', () => {
    const { written, line } = recorded(false);
    for (let seconds = 0; seconds < 7; seconds += 1) line.update(seconds / 10, seconds, seconds);
    expect(written).toHaveLength(3);
    expect(written.every((text) => text.endsWith('\n') && !text.includes('\r'))).toBe(true);
  });
});

import { LogTail } from './log-tail.js';

describe('LogTail', () => {
  it('puts lines together, however they arrive', () => {
    const sut = new LogTail();
    for (const chunk of ['one\ntw', 'o\n', '\nthr', 'ee']) sut.add(chunk);
    expect(sut.lines).toEqual(['one', 'two', '']);
    expect(sut.lastLine).toBe('three');
  });

  it('answers with the last line that says something', () => {
    const sut = new LogTail();
    expect(sut.lastLine).toBeUndefined();
    sut.add('  simulate: no token  \n\n');
    expect(sut.lastLine).toBe('simulate: no token');
  });

  it('stays small, whatever a child writes', () => {
    const sut = new LogTail();
    for (let turn = 0; turn < 1_000; turn++) sut.add(`${'x'.repeat(10_000)}\n`);
    sut.add('y'.repeat(1_000_000));
    sut.add('y'.repeat(1_000_000));
    expect(sut.lines).toHaveLength(40);
    expect(sut.lines[0]).toHaveLength(400);
    expect(sut.lastLine?.length).toBeLessThan(1_000);
  });
});

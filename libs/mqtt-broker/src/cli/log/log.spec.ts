import { mkdtempSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allLogTypes, Log, type LogOptions } from './log.js';
import { strftime } from './strftime.js';

const folder = mkdtempSync(join(tmpdir(), 'hearth-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

function logTo(options: Partial<LogOptions>): { log: Log; lines: string[] } {
  const lines: string[] = [];
  const output = {
    stdout: (line: string) => lines.push(`1 ${line}`),
    stderr: (line: string) => lines.push(`2 ${line}`),
  };
  const log = new Log(
    {
      destinations: [{ to: 'stderr' }],
      types: new Set(allLogTypes),
      timestamp: 'none',
      ...options,
    },
    output,
  );
  log.publish = (topic, line) => lines.push(`${topic} ${line}`);
  return { log, lines };
}

describe(Log, () => {
  it('cuts lines that names from the wire made long', () => {
    const { log, lines } = logTo({});
    log.write('notice', 'x'.repeat(70_000));
    expect(lines).toEqual([`2 ${'x'.repeat(1000)}…`]);
  });

  it('writes the kinds that are wanted to every destination once', () => {
    const { log, lines } = logTo({
      destinations: [{ to: 'stdout' }, { to: 'syslog' }, { to: 'stderr' }, { to: 'topic' }],
      types: new Set(['error', 'subscribe', 'debug']),
    });
    log.write('error', 'a');
    log.write('notice', 'b');
    log.write('subscribe', 'c');
    log.write('debug', 'd');
    expect(lines).toEqual([
      '1 a',
      '2 a',
      '$SYS/broker/log/E a',
      '1 c',
      '2 c',
      '$SYS/broker/log/M/subscribe c',
      '1 d',
      '2 d',
    ]);
  });

  it.each<[LogOptions['timestamp'], string]>([
    ['none', 'x'],
    ['epoch', '86399: x'],
    ['iso', '1970-01-01T23:59:59.999Z x'],
    [{ format: '%Y/%m/%d' }, `${strftime('%Y/%m/%d', new Date(86_399_999))}: x`],
  ])('puts the time before a line: %j', (timestamp, line) => {
    const { log, lines } = logTo({ timestamp });
    log.write('notice', 'x', 86_399_999);
    expect(lines).toEqual([`2 ${line}`]);
  });

  it('makes a file for its owner only, adds to it, and opens it again where it was', () => {
    const path = join(folder, 'a.log');
    const options = { destinations: [{ to: 'file' as const, path }] };
    for (const text of ['one', 'two']) {
      const { log } = logTo(options);
      log.write('notice', text);
      log.close();
    }
    expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const { log } = logTo(options);
    renameSync(path, `${path}.1`);
    log.write('notice', 'three');
    log.reopen();
    log.write('notice', 'four');
    log.close();
    expect(readFileSync(`${path}.1`, 'utf8')).toBe('one\ntwo\nthree\n');
    expect(readFileSync(path, 'utf8')).toBe('four\n');
  });

  it('throws when its file cannot be made', () => {
    const path = join(folder, 'no', 'a.log');
    expect(() => logTo({ destinations: [{ to: 'file', path }] })).toThrow('ENOENT');
  });
});

describe(strftime, () => {
  const time = new Date(2026, 0, 5, 7, 8, 9);
  it.each([
    ['%Y-%m-%dT%H:%M:%S', '2026-01-05T07:08:09'],
    ['%F %T', '2026-01-05 07:08:09'],
    ['%a %A %b %B %e %j', 'Mon Monday Jan January  5 005'],
    ['%I:%M %p %y %%', '07:08 AM 26 %'],
    ['%s', String(time.getTime() / 1000)],
    ['%q', '%q'],
  ])('formats %s', (format, text) => {
    expect(strftime(format, time)).toBe(text);
  });

  it('says how far from UTC it is', () => {
    expect(strftime('%z', time)).toMatch(/^[+-]\d{4}$/);
    expect(strftime('%I', new Date(2026, 0, 1, 0))).toBe('12');
    expect(strftime('%j', new Date(2026, 11, 31))).toBe('365');
  });
});

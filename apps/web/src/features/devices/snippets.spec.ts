// CVE-2026-9568: no value can break out of a generated snippet.
import { spawnSync } from 'node:child_process';
import { DEVICE_KINDS } from '@hearth/contracts';
import {
  credentialsFile,
  cString,
  esp32Config,
  mosquittoLine,
  picoConfig,
  samplePayload,
  shellWord,
} from './snippets';

const hostile = {
  host: 'home.lan',
  port: 1883,
  username: 'hall',
  secret: `a'b"c\\$(touch x)\`y\`\n#define EVIL ??/é`,
};

describe(shellWord, () => {
  it.each(['plain', `it's`, '$(date)', '`id`', 'a b', '', '-n', '!x', '*'])(
    'reaches a real shell unchanged: %p',
    (text) => {
      const { stdout } = spawnSync('sh', ['-c', `printf '%s|' ${shellWord(text)}`], {
        encoding: 'utf8',
      });
      expect(stdout).toBe(`${text}|`);
    },
  );
});

describe(mosquittoLine, () => {
  it('passes every value as one argument', () => {
    const line = mosquittoLine(hostile, 'climate-node').replace('mosquitto_pub', `printf '%s\\0'`);
    const { stdout } = spawnSync('sh', ['-c', line], { encoding: 'utf8' });
    const given = stdout.split('\0');
    expect(given[given.indexOf('-P') + 1]).toBe(hostile.secret);
    expect(given[given.indexOf('-t') + 1]).toBe('hearth/hall/telemetry');
    expect(JSON.parse(given[given.indexOf('-m') + 1]!)).toEqual({
      temperature: 21.4,
      humidity: 45,
    });
  });
});

describe(cString, () => {
  it('cannot be left', () => {
    expect(cString('a"b\\c\n??/é1')).toBe('"a\\"b\\\\c\\012\\?\\?/\\303\\2511"');
  });
});

describe(esp32Config, () => {
  it('keeps every value on its own line', () => {
    const lines = esp32Config(hostile, 'thermostat').split('\n');
    expect(lines.filter((line) => line.includes('EVIL'))).toHaveLength(1);
    expect(lines.every((line) => line === '' || line.startsWith('#'))).toBe(true);
    expect(lines).toContain('#define HEARTH_THERMOSTAT 1');
  });
});

describe(picoConfig, () => {
  it('is JSON with the credentials in it', () => {
    expect(JSON.parse(picoConfig(hostile, 'leak'))).toMatchObject({
      device_id: 'hall',
      secret: hostile.secret,
      sensor: { kind: 'leak' },
    });
  });
});

describe(credentialsFile, () => {
  it('has one line a value', () => {
    expect(credentialsFile(hostile).trimEnd().split('\n')).toHaveLength(4);
  });
});

describe(samplePayload, () => {
  it.each(DEVICE_KINDS)('has something to say for a %s', (kind) => {
    expect(Object.keys(JSON.parse(samplePayload(kind)) as object).length).toBeGreaterThan(0);
  });
});

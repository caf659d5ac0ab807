// [MQTT-4.1.0-1] The storages that come with the broker keep what they are given, in files that nobody else reads (CVE-2017-9868).

import {
  appendFile,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LogStorage, MemoryStorage, StorageCorrupt, StorageInUse } from '@hearth/mqtt-broker';
import type { Change } from '@hearth/mqtt-broker';
import { describeStorage } from '../../support/describe-storage.js';

describe(MemoryStorage.name, () => {
  describeStorage(async () => {
    const storage = new MemoryStorage();
    const nothing = async (): Promise<void> => undefined;
    return { open: () => storage, abandon: nothing, dispose: nothing };
  });
});

const retained = (topic: string, text = 'x'): Change => ({
  type: 'retained',
  message: {
    topic,
    payload: Buffer.from(text),
    qos: 0,
    properties: {},
    storedAtMs: 0,
    publisher: undefined,
  },
});

describe(LogStorage.name, () => {
  let folder: string;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'hearth-log-')), 'state');
  });

  afterEach(() => rm(join(folder, '..'), { recursive: true }));

  async function open(
    options = {},
    snapshot: () => Change[] = () => [],
  ): Promise<[LogStorage, Change[]]> {
    const storage = new LogStorage(folder, options);
    const changes: Change[] = [];
    for await (const change of storage.open(snapshot)) changes.push(change);
    return [storage, changes];
  }

  async function write(...topics: string[]): Promise<void> {
    const [storage] = await open();
    for (const topic of topics) {
      storage.append(retained(topic));
      await storage.commit();
    }
    await storage.close();
  }

  const topicsOf = (changes: Change[]): string[] =>
    changes.map((change) => (change.type === 'retained' ? change.message.topic : change.type));

  describeStorage(async () => ({
    open: () => new LogStorage(folder),
    // Its process is gone: nobody closes the files, and the lock stays behind.
    abandon: (storage) =>
      storage.close().then(() => writeFile(join(folder, 'lock'), '999999999\n')),
    dispose: async () => undefined,
  }));

  it('closes folder and files to others (CVE-2017-9868)', async () => {
    await write('a');
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(folder)) {
      expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    }
  });

  it('forgets a batch that a crash cut short, at whatever byte, and goes on behind the last whole one', async () => {
    await write('a', 'b');
    const journal = join(folder, 'journal-00000001.log');
    const whole = await readFile(journal);
    const { size } = await stat(journal);
    const [storage] = await open();
    storage.append(retained('c'));
    await storage.close();
    const longer = await readFile(journal);
    expect(longer.subarray(0, size).equals(whole)).toBe(true);
    for (let bytes = size + 1; bytes < longer.length; bytes += 3) {
      await writeFile(journal, longer.subarray(0, bytes));
      const [again, changes] = await open();
      expect(topicsOf(changes)).toEqual(['a', 'b']);
      await again.close();
    }
    const [last] = await open();
    last.append(retained('d'));
    await last.close();
    const [reader, changes] = await open();
    expect(topicsOf(changes)).toEqual(['a', 'b', 'd']);
    await reader.close();
  });

  it('does not start from a file that is none of its own', async () => {
    await write('a');
    await writeFile(join(folder, 'journal-00000001.log'), 'something else entirely');
    await expect(open()).rejects.toThrow(StorageCorrupt);
  });

  it('does not start when a journal before the last is damaged', async () => {
    await write('a');
    const first = join(folder, 'journal-00000001.log');
    await writeFile(join(folder, 'journal-00000002.log'), await readFile(first));
    await truncate(first, (await stat(first)).size - 1);
    await expect(open()).rejects.toThrow(/journal-00000001.log is damaged at byte 8/);
  });

  it('gives way to a process that has the folder already', async () => {
    const [storage] = await open();
    await writeFile(join(folder, 'lock'), `${process.ppid}\n`);
    await expect(open()).rejects.toThrow(StorageInUse);
    await storage.close();
  });

  it('puts a snapshot in the place of journals that have grown, and loses nothing meanwhile', async () => {
    const state = new Map<string, Change>();
    const [storage] = await open({ compactBytes: 2000 }, () => [...state.values()]);
    for (let number = 0; number < 400; number++) {
      const change = retained(`topic/${number % 20}`, String(number));
      state.set(`topic/${number % 20}`, change);
      storage.append(change);
      if (number % 3 === 0) await storage.commit();
    }
    await storage.close();
    const names = await readdir(folder);
    expect(names.some((name) => name.startsWith('snapshot-'))).toBe(true);
    expect(names).not.toContain('journal-00000001.log');
    const [reader, changes] = await open();
    const newest = new Map(
      changes.flatMap((change) =>
        change.type === 'retained'
          ? [[change.message.topic, change.message.payload.toString()]]
          : [],
      ),
    );
    expect(newest.size).toBe(20);
    for (let number = 380; number < 400; number++) {
      expect(newest.get(`topic/${number % 20}`)).toBe(String(number));
    }
    await reader.close();
  });

  it('ignores a snapshot that a crash left unfinished', async () => {
    await write('a');
    await writeFile(join(folder, 'snapshot.draft'), 'HEARTHL1 half');
    const [storage, changes] = await open();
    expect(topicsOf(changes)).toEqual(['a']);
    expect(await readdir(folder)).not.toContain('snapshot.draft');
    await storage.close();
  });

  it('does not take bytes behind the last whole batch for a batch', async () => {
    await write('a');
    const journal = join(folder, 'journal-00000001.log');
    const { size } = await stat(journal);
    await appendFile(journal, Buffer.alloc(64));
    const [storage, changes] = await open();
    expect(topicsOf(changes)).toEqual(['a']);
    expect((await stat(journal)).size).toBe(size);
    await storage.close();
  });
});

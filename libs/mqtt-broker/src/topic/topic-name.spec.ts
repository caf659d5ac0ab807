import * as fc from 'fast-check';
import { ProtocolError } from '../errors.js';
import { TopicTable } from './topic-name.js';

const bounds = { maxTopicBytes: 300, maxTopicLevels: 5 };

describe(TopicTable.name, () => {
  it('answers the same topic for the same bytes', () => {
    const table = new TopicTable(bounds, 16);
    expect(table.resolveName('a/b')).toBe(table.resolveName('a/b'));
  });

  it('never answers another name, however small it is', () => {
    const name = fc.stringMatching(/^[a-c/]{1,6}$/).filter((one) => one.split('/').length <= 5);
    const table = new TopicTable(bounds, 1);
    fc.assert(
      fc.property(name, (one) => {
        expect(table.resolveName(one).name).toBe(one);
      }),
    );
  });

  it('keeps a byte order mark', () => {
    expect(new TopicTable(bounds, 1).resolveName('\ufeffa').name).toBe('\ufeffa');
  });

  it('knows the wire form and the levels', () => {
    const topic = new TopicTable(bounds, 1).resolveName('ü/b');
    expect(topic.wire.toString('hex')).toBe('0004c3bc2f62');
    expect(topic.levels).toEqual(['ü', 'b']);
  });

  it.each(['', 'a/+', '#', 'a\u0000b', 'a\ud800', '1/2/3/4/5/6', 'x'.repeat(301)])(
    'refuses %j',
    (name) => {
      expect(() => new TopicTable(bounds, 1).resolveName(name)).toThrow(ProtocolError);
    },
  );

  it('does not remember what is long, and takes it all the same', () => {
    const table = new TopicTable(bounds, 16);
    const long = 'x'.repeat(300);
    expect(table.resolveName(long).name).toBe(long);
    expect(table.resolveName(long)).not.toBe(table.resolveName(long));
  });
});

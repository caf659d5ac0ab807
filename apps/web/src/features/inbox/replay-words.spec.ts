import type { DeadLetterReplayResult } from '@hearth/contracts';
import { addResults, describeReplay } from './replay-words';

const aResult = (more: Partial<DeadLetterReplayResult> = {}): DeadLetterReplayResult => ({
  replayed: 0,
  refused: [],
  hindered: [],
  remaining: 0,
  cursor: null,
  ...more,
});
const refused = (code: string, count: number) => ({ step: 'parse', code, count });

describe(addResults, () => {
  it('adds up the calls of one replay', () => {
    const first = aResult({
      replayed: 2,
      refused: [refused('not-json', 1)],
      remaining: 9,
      cursor: '3',
    });
    const second = aResult({
      replayed: 3,
      refused: [refused('not-json', 4), refused('no-value', 1)],
      hindered: [{ hindrance: 'cut', count: 1 }],
    });
    expect(addResults(addResults(undefined, first), second)).toEqual(
      aResult({
        replayed: 5,
        refused: [refused('not-json', 5), refused('no-value', 1)],
        hindered: [{ hindrance: 'cut', count: 1 }],
      }),
    );
  });
});

describe(describeReplay, () => {
  it.each<[Partial<DeadLetterReplayResult>, string, string | undefined]>([
    [{ replayed: 1 }, '1 message became readings', undefined],
    [{ replayed: 12 }, '12 messages became readings', undefined],
    [
      { replayed: 1, refused: [refused('out-of-range', 2)] },
      '1 message became readings',
      '2 messages were refused again: impossible value.',
    ],
    [
      { hindered: [{ hindrance: 'sender-gone', count: 1 }] },
      'Nothing could be replayed',
      '1 message was not replayed. The sender is not registered any more.',
    ],
    [
      { refused: [refused('a', 1), refused('b', 3)], hindered: [{ hindrance: 'cut', count: 2 }] },
      'Nothing could be replayed',
      '3 messages were refused again: b. 2 messages were not replayed. Too large: only the first bytes were kept. The others have other reasons.',
    ],
  ])('says %j as %s', (result, title, rest) => {
    expect(describeReplay(aResult(result))).toEqual({ title, rest });
  });
});

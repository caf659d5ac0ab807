import { differenceFrom } from './shape.js';

describe('differenceFrom', () => {
  const value = { topic: 'a', payload: Buffer.from('x'), properties: { topicAlias: 1 }, list: [1] };

  it.each([
    [{ topic: 'a' }],
    [{ payload: 'x' }],
    [{ properties: { topicAlias: 1 } }],
    [{ list: [1] }],
    [{ missing: undefined }],
  ])('finds that %j fits', (shape) => {
    expect(differenceFrom(shape, value)).toBeUndefined();
  });

  it.each([
    [{ topic: 'b' }, 'topic'],
    [{ payload: 'y' }, 'payload'],
    [{ properties: { topicAlias: 2 } }, 'properties.topicAlias'],
    [{ list: [1, 2] }, 'list'],
    [{ list: [2] }, 'list[0]'],
    [{ topic: undefined }, 'topic'],
    [{ missing: 1 }, 'missing'],
  ])('names the place where %j differs', (shape, place) => {
    expect(differenceFrom(shape, value)).toMatch(`${place}: wanted`);
  });
});

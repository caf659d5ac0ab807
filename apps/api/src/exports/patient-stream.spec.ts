import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { patientStream } from './patient-stream.js';

/** Chunks without an end, or `count` of them, and what became of the generator. */
function aSource(count = Infinity) {
  const source = { taken: 0, isClosed: false };
  async function* chunks(): AsyncGenerator<string, void> {
    try {
      while (source.taken < count) {
        source.taken += 1;
        yield await Promise.resolve(`${'x'.repeat(99_999)}\n`);
      }
    } finally {
      source.isClosed = true;
    }
  }
  return { source, chunks: chunks() };
}

describe(patientStream, () => {
  it('gives every chunk, in order', async () => {
    const { source, chunks } = aSource(3);
    expect((await text(patientStream(chunks, 60_000))).length).toBe(300_000);
    expect(source).toEqual({ taken: 3, isClosed: true });
  });

  it('reads no further than somebody takes, and gives up who takes nothing', async () => {
    const { source, chunks } = aSource();
    const stream = patientStream(chunks, 20);
    stream.read(0);
    await once(stream, 'close');
    expect(source.taken).toBeLessThan(4);
    expect(source.isClosed).toBe(true);
  });

  it('stops reading when it is destroyed', async () => {
    const { source, chunks } = aSource();
    const stream = patientStream(chunks, 60_000);
    await once(stream, 'readable');
    stream.destroy();
    await once(stream, 'close');
    expect(source.isClosed).toBe(true);
  });
});

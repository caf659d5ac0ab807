import { Readable } from 'node:stream';

/**
 * Reads `chunks` as fast as somebody takes them. A reader that takes none for `patienceMs` has lost it: the stream is destroyed.
 * However it ends, the generator's `finally` runs.
 */
export function patientStream(chunks: AsyncIterable<string>, patienceMs: number): Readable {
  const stream: Readable = Readable.from(
    withPatience(chunks, patienceMs, () => stream.destroy()),
    {
      objectMode: false,
    },
  );
  return stream;
}

async function* withPatience(
  chunks: AsyncIterable<string>,
  patienceMs: number,
  giveUp: () => void,
): AsyncGenerator<string, void> {
  for await (const chunk of chunks) {
    const timer = setTimeout(giveUp, patienceMs).unref();
    try {
      yield chunk;
    } finally {
      clearTimeout(timer);
    }
  }
}

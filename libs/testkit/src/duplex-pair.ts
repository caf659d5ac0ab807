import { Duplex } from 'node:stream';

/** An in-memory wire: what is written at one end is read at the other, and so is the end. */
export function duplexPair(): [Duplex, Duplex] {
  const left: Duplex = makeEnd(() => right);
  const right: Duplex = makeEnd(() => left);
  return [left, right];
}

function makeEnd(other: () => Duplex): Duplex {
  return new Duplex({
    read() {},
    write(chunk: Buffer, _encoding, done) {
      other().push(chunk);
      done();
    },
    final(done) {
      other().push(null);
      done();
    },
  });
}

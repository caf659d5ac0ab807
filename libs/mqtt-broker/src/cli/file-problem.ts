/** A file that a person wrote says something that cannot stand: it stops the start, or the reload. */
export class FileProblem extends Error {
  override readonly name = 'FileProblem';

  constructor(place: Place | undefined, what: string) {
    super(place === undefined ? what : `${place.file}:${place.line}: ${what}`);
  }
}

/** A line of a file, counted from 1. */
export interface Place {
  file: string;
  line: number;
}

/** The lines of a text with their places. What Windows puts before a line feed is no part of a line. */
export function* linesOf(file: string, text: string): Generator<{ place: Place; line: string }> {
  for (const [index, line] of text.split('\n').entries()) {
    yield { place: { file, line: index + 1 }, line: line.replace(/\r$/, '') };
  }
}

/** What another module says went wrong, in its own words. */
export function wordsOf(error: unknown): string {
  const { message } = Object(error) as { message?: unknown };
  return typeof message === 'string' ? message : String(error);
}

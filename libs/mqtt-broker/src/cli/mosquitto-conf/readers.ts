// What may stand behind a directive's name, and what it means.

/** The text behind a directive's name is none of the values allowed. */
export class BadValue extends Error {
  override readonly name = 'BadValue';
}

/** Turns the text behind a directive's name into its value. Throws BadValue. */
export interface Reader<T> {
  /** The values allowed, as a person would say it. */
  readonly allowed: string;
  read(text: string): T;
}

const INT_MAX = 2 ** 31 - 1;

/** The first word; only a comment may follow it. */
function word(text: string): string {
  const [first = '', ...rest] = text.split(/[ \t]+/);
  if (rest.length > 0 && rest[0]?.startsWith('#') !== true) {
    throw new BadValue(`${JSON.stringify(rest.join(' '))} after ${JSON.stringify(first)}`);
  }
  return first;
}

export const boolean: Reader<boolean> = {
  allowed: 'true or false',
  read(text) {
    const value = word(text);
    if (value === 'true' || value === '1') return true;
    if (value === 'false' || value === '0') return false;
    throw new BadValue(JSON.stringify(value));
  },
};

export function integer(min: number, max = INT_MAX): Reader<number> {
  return {
    allowed: max === INT_MAX ? `${min} or more` : `${min} to ${max}`,
    read(text) {
      const value = wholeNumber(word(text));
      if (value < min || value > max) throw new BadValue(String(value));
      return value;
    },
  };
}

/** A count for which everything negative means the same. */
export function count(negative: 0 | -1, max = INT_MAX): Reader<number> {
  const most = max === INT_MAX ? '0 or more' : `0 to ${max}`;
  return {
    allowed: negative === 0 ? most : `${most}, or -1 for no limit`,
    read: (text) => Math.max(integer(-INT_MAX - 1, max).read(text), negative),
  };
}

function wholeNumber(text: string): number {
  // No leading zeros: Mosquitto takes them for octal, people do not.
  if (!/^[+-]?(0|[1-9]\d*|0[xX][\da-fA-F]+)$/.test(text)) throw new BadValue(JSON.stringify(text));
  const value = Number(text.replace(/^[+-]/, ''));
  return text.startsWith('-') ? -value : value;
}

export function choice<const T extends string>(...names: T[]): Reader<T> {
  return {
    allowed: names.join(', '),
    read(text) {
      const value = word(text);
      const known = names.find((name) => name === value);
      if (known === undefined) throw new BadValue(JSON.stringify(value));
      return known;
    },
  };
}

/** The rest of the line, spaces within it included. */
export function text(allowed: string, maxLength = 65_535): Reader<string> {
  return {
    allowed,
    read(value) {
      if (value.length > maxLength) throw new BadValue(`${value.length} characters`);
      return value;
    },
  };
}

export const filePath = text('a path');

/** A whole number and a unit; read as seconds. */
export const duration: Reader<number> = {
  allowed: 'a number above 0 and one of s h d w m y, for example 14d',
  read(value) {
    const [, number = '', unit = ''] = /^(\d+)([shdwmy])$/.exec(word(value)) ?? [];
    const seconds = Number(number) * (secondsPerUnit.get(unit) ?? 0);
    if (!(seconds > 0)) throw new BadValue(JSON.stringify(value));
    return seconds;
  },
};

const DAY = 86_400;
const secondsPerUnit = new Map([
  ['s', 1],
  ['h', 3600],
  ['d', DAY],
  ['w', 7 * DAY],
  ['m', 30 * DAY],
  ['y', 365 * DAY],
]);

/** Several of a few numbers, apart by commas or spaces. */
export function numbers<const T extends number>(...allowed: T[]): Reader<T[]> {
  return {
    allowed: `any of ${allowed.join(', ')}, apart by commas`,
    read(value) {
      const words = value.split(/[, \t]+/).filter((one) => one !== '');
      return words.map((one) => {
        const known = allowed.find((number) => String(number) === one);
        if (known === undefined) throw new BadValue(JSON.stringify(one));
        return known;
      });
    },
  };
}

/** One item of a directive that may be given several times. */
export function each<T>(reader: Reader<T>): Reader<T[]> {
  return { allowed: reader.allowed, read: (value) => [reader.read(value)] };
}

/** A topic without wildcards. */
export const topicPrefix: Reader<string> = {
  allowed: 'the beginning of a topic, without + and #',
  read(value) {
    if (/[+#\0]/.test(value)) throw new BadValue(JSON.stringify(value));
    return value;
  },
};

/** Where log lines go. */
export type LogDestination =
  { to: 'stdout' | 'stderr' | 'none' | 'topic' | 'syslog' } | { to: 'file'; path: string };

export const logDestination: Reader<LogDestination> = {
  allowed: 'stdout, stderr, syslog, topic, none, or file and a path',
  read(value) {
    const file = /^file[ \t]+(.+)$/.exec(value);
    if (file?.[1] !== undefined) return { to: 'file', path: file[1] };
    // Mosquitto's second word for stdout; ours never buffers.
    const to = value.replace(/^stdout[ \t]+unbuffered$/, 'stdout');
    return { to: choice('stdout', 'stderr', 'syslog', 'topic', 'none').read(to) };
  },
};

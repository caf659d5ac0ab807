// From the text of a mosquitto.conf to its meaning. Reads files only through the port that it is given.

import { FileProblem, linesOf, type Place, wordsOf } from '../file-problem.js';
import {
  aliases,
  defaultListenerToo,
  type Directive,
  globalDirectives,
  listenerDirectives,
  securityDirectives,
  type Values,
  whyRefused,
} from './directives.js';
import { BadValue, boolean, integer } from './readers.js';

/** The directives given for one scope, and where each was given. */
interface Section<D extends Record<string, Directive<unknown>>> {
  readonly values: Values<D>;
  readonly places: ReadonlyMap<string, Place>;
}

/** One listener. `port` 0 goes with a socket path. */
export interface ListenerSection extends Section<typeof listenerDirectives> {
  readonly place: Place;
  readonly port: number;
  readonly host: string | undefined;
  readonly socketPath: string | undefined;
  readonly security: Section<typeof securityDirectives>;
}

/** What a mosquitto.conf says. */
export interface MosquittoConf {
  readonly global: Section<typeof globalDirectives>;
  readonly security: Section<typeof securityDirectives>;
  readonly perListenerSettings: boolean;
  readonly listeners: readonly ListenerSection[];
  /** No listener, port or bind address was named: Mosquitto then serves this machine only. */
  readonly localOnly: boolean;
  /** What is accepted without effect, and why. */
  readonly notes: readonly string[];
}

/** How the parser sees the file system. Both throw what `node:fs` throws. */
export interface ConfFiles {
  read(path: string): string;
  /** The names in a folder. */
  list(folder: string): string[];
}

const DEFAULT_PORT = 1883;
const MAX_CONF_BYTES = 16 * 1024 * 1024;

/** Reads a mosquitto.conf and what it includes. Throws FileProblem, or what `files` throws for the file itself. */
export function parseMosquittoConf(path: string, files: ConfFiles): MosquittoConf {
  const parser = new Parser(files);
  parser.readFile(path, files.read(path));
  return parser.finish();
}

class OpenSection<D extends Record<string, Directive<unknown>>> implements Section<D> {
  readonly #values: Record<string, unknown> = {};
  readonly places = new Map<string, Place>();
  readonly #directives: D;

  constructor(directives: D) {
    this.#directives = directives;
  }

  get values(): Values<D> {
    return this.#values as Values<D>;
  }

  get isEmpty(): boolean {
    return this.places.size === 0;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#directives, name);
  }

  /** Takes one line. Answers the directive. */
  set(place: Place, name: string, text: string): Directive<unknown> {
    const directive = this.#directives[name];
    if (directive === undefined) throw new Error(`no directive ${name} here`);
    const before = this.places.get(name);
    if (before !== undefined && directive.again === 'refused') {
      const earlier = `${before.file}:${before.line}`;
      throw new FileProblem(place, `${name}: given twice; the first is ${earlier}`);
    }
    const value = readValue(place, name, directive, text);
    const old = this.#values[name];
    const isList = directive.again === 'both' && Array.isArray(old) && Array.isArray(value);
    this.#values[name] = isList ? [...(old as unknown[]), ...(value as unknown[])] : value;
    this.places.set(name, place);
    return directive;
  }
}

interface OpenListener {
  place: Place;
  port: number;
  host: string | undefined;
  socketPath: string | undefined;
  options: OpenSection<typeof listenerDirectives>;
  security: OpenSection<typeof securityDirectives>;
}

class Parser {
  readonly #files: ConfFiles;
  readonly #global = new OpenSection(globalDirectives);
  readonly #security = new OpenSection(securityDirectives);
  readonly #listeners: OpenListener[] = [];
  readonly #notes: string[] = [];
  #default: OpenListener | undefined;
  #current: OpenListener | undefined;
  #perListener = false;
  #localOnly = true;
  #isIncluded = false;

  constructor(files: ConfFiles) {
    this.#files = files;
  }

  readFile(file: string, content: string): void {
    if (content.length > MAX_CONF_BYTES) {
      throw new FileProblem({ file, line: 1 }, `larger than ${MAX_CONF_BYTES} bytes`);
    }
    // As in Mosquitto, a file does not go on with the listener of another one.
    this.#current = undefined;
    for (const { place, line } of linesOf(file, content)) {
      const [, word = '', rest = ''] = /^[ \t]*([^ \t]+)[ \t]*(.*)$/.exec(line) ?? [];
      if (word === '' || word.startsWith('#')) continue;
      this.#take(place, aliases.get(word) ?? word, rest.trimEnd());
    }
  }

  #take(place: Place, name: string, text: string): void {
    const refused = whyRefused(name);
    if (refused !== undefined) throw new FileProblem(place, `${name}: ${refused}`);
    if (name === 'listener') this.#startListener(place, text);
    else if (name === 'include_dir') this.#include(place, text);
    else if (name === 'per_listener_settings') this.#setPerListener(place, text);
    else this.#set(place, name, text);
  }

  #set(place: Place, name: string, text: string): void {
    const directive = this.#sectionOf(place, name).set(place, name, text);
    if (name === 'port' || name === 'bind_address') this.#localOnly = false;
    if (directive.support === 'noted') {
      this.#notes.push(`${place.file}:${place.line}: ${name} has no effect: ${directive.doc}`);
    }
  }

  #sectionOf(place: Place, name: string) {
    if (this.#global.has(name)) return this.#global;
    if (this.#security.has(name)) {
      if (!this.#perListener) return this.#security;
      if (this.#current !== undefined) return this.#current.security;
      throw new FileProblem(
        place,
        `${name}: with per_listener_settings true it needs a listener above it`,
      );
    }
    if (!Object.hasOwn(listenerDirectives, name)) {
      throw new FileProblem(place, `${name}: unknown directive`);
    }
    if (name === 'port' || name === 'bind_address') this.#current = this.#defaultListener(place);
    if (this.#current === undefined) {
      if (!defaultListenerToo.has(name)) {
        throw new FileProblem(place, `${name}: needs a listener above it`);
      }
      this.#current = this.#defaultListener(place);
    }
    if (name === 'accept_protocol_versions' && this.#current === this.#default) {
      throw new FileProblem(place, `${name}: needs a listener above it`);
    }
    return this.#current.options;
  }

  #defaultListener(place: Place): OpenListener {
    if (this.#default === undefined) {
      this.#default = openListener(place, DEFAULT_PORT);
      this.#listeners.push(this.#default);
    }
    return this.#default;
  }

  #startListener(place: Place, text: string): void {
    this.#localOnly = false;
    const [portText = '', where, ...more] = text.split(/[ \t]+/);
    const port = readValue(place, 'listener', integer(0, 65_535), portText);
    const address = where?.startsWith('#') === true ? undefined : where;
    if (address !== undefined && more.length > 0 && more[0]?.startsWith('#') !== true) {
      throw new FileProblem(place, `listener: ${JSON.stringify(more.join(' '))} after its address`);
    }
    if (port === 0 && address === undefined) {
      throw new FileProblem(place, 'listener: port 0 needs the path of a unix socket behind it');
    }
    this.#current = openListener(place, port);
    if (port === 0) this.#current.socketPath = address;
    else this.#current.host = address;
    this.#listeners.push(this.#current);
  }

  #setPerListener(place: Place, text: string): void {
    const wanted = readValue(place, 'per_listener_settings', boolean, text);
    // Once on it stays on, as in Mosquitto.
    if (!wanted || this.#perListener) return;
    if (!this.#security.isEmpty) {
      const first = Array.from(this.#security.places.keys())[0];
      throw new FileProblem(place, `per_listener_settings: must stand above ${first}`);
    }
    this.#perListener = true;
  }

  #include(place: Place, folder: string): void {
    if (folder === '') throw new FileProblem(place, 'include_dir: names no folder');
    if (this.#isIncluded) {
      throw new FileProblem(place, 'include_dir: only the main file may include others');
    }
    const base = folder.replace(/\/+$/, '');
    const names = reading(place, 'include_dir', () => this.#files.list(base === '' ? '/' : base));
    const back = this.#current;
    this.#isIncluded = true;
    for (const name of names.filter((one) => one.endsWith('.conf')).sort(mosquittoOrder)) {
      const path = `${base}/${name}`;
      this.readFile(
        path,
        reading(place, 'include_dir', () => this.#files.read(path)),
      );
    }
    this.#isIncluded = false;
    this.#current = back;
  }

  finish(): MosquittoConf {
    const listeners = this.#listeners.map((one) => ({
      place: one.place,
      port: one.options.values.port ?? one.port,
      host: one.options.values.bind_address ?? one.host,
      socketPath: one.socketPath,
      values: one.options.values,
      places: one.options.places,
      security: one.security,
    }));
    return {
      global: this.#global,
      security: this.#security,
      perListenerSettings: this.#perListener,
      listeners,
      localOnly: this.#localOnly,
      notes: this.#notes,
    };
  }
}

function openListener(place: Place, port: number): OpenListener {
  return {
    place,
    port,
    host: undefined,
    socketPath: undefined,
    options: new OpenSection(listenerDirectives),
    security: new OpenSection(securityDirectives),
  };
}

function readValue<T>(
  place: Place,
  name: string,
  reader: { allowed: string; read(text: string): T },
  text: string,
): T {
  if (text === '')
    throw new FileProblem(place, `${name}: has no value; allowed: ${reader.allowed}`);
  // A file in another encoding decodes to U+FFFD.
  if (/[\0\uFFFD]/.test(text)) throw new FileProblem(place, `${name}: is not UTF-8 text`);
  try {
    return reader.read(text);
  } catch (error) {
    if (!(error instanceof BadValue)) throw error;
    throw new FileProblem(place, `${name}: cannot be ${error.message}; allowed: ${reader.allowed}`);
  }
}

function reading<T>(place: Place, name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FileProblem) throw error;
    throw new FileProblem(place, `${name}: ${wordsOf(error)}`);
  }
}

/** Letters regardless of case, and where only the case differs the upper case first. */
function mosquittoOrder(a: string, b: string): number {
  const [lowerA, lowerB] = [a.toLowerCase(), b.toLowerCase()];
  if (lowerA !== lowerB) return lowerA < lowerB ? -1 : 1;
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

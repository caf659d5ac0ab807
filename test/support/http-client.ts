// A client of the HTTP API: keeps cookies as a browser does, or sends a bearer token.
import { problemSchema, type Problem } from '@hearth/contracts';

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The body parsed as JSON; fails the test when it is none. `unknown` on purpose: parse it by a contract. */
  json(): unknown;
  /** The body as problem details; fails the test when it is none. */
  problem(): Problem;
}

export interface HttpOptions {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as it is, instead of a body as JSON. */
  readonly rawBody?: string;
}

/** `baseUrl` is asked for every request: a restarted server has another port. */
export class HttpClient {
  readonly #baseUrl: () => string;
  readonly #token: string | undefined;
  readonly #cookies = new Map<string, string>();

  constructor(baseUrl: () => string, token?: string) {
    this.#baseUrl = baseUrl;
    this.#token = token;
  }

  /** `Cookie` header of the jar, for other protocols. */
  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  get(path: string, options?: HttpOptions): Promise<HttpAnswer> {
    return this.request('GET', path, undefined, options);
  }

  post(path: string, body?: unknown, options?: HttpOptions): Promise<HttpAnswer> {
    return this.request('POST', path, body, options);
  }

  patch(path: string, body?: unknown, options?: HttpOptions): Promise<HttpAnswer> {
    return this.request('PATCH', path, body, options);
  }

  delete(path: string, options?: HttpOptions): Promise<HttpAnswer> {
    return this.request('DELETE', path, undefined, options);
  }

  async request(
    method: string,
    path: string,
    body?: unknown,
    { headers = {}, rawBody }: HttpOptions = {},
  ): Promise<HttpAnswer> {
    const payload = rawBody ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(this.#baseUrl() + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(payload !== undefined && { 'content-type': 'application/json' }),
        ...(this.#cookies.size > 0 && { cookie: this.cookie }),
        ...(this.#token !== undefined && { authorization: `Bearer ${this.#token}` }),
        ...headers,
      },
      ...(payload !== undefined && { body: payload }),
    });
    this.#keepCookies(response.headers);
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: () => JSON.parse(text) as unknown,
      problem: () => problemSchema.parse(JSON.parse(text)),
    };
  }

  #keepCookies(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split('; ');
      const [name = '', value = ''] = pair.split(/=(.*)/s);
      if (attributes.some((attribute) => /^max-age=0$/i.test(attribute)))
        this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }
}

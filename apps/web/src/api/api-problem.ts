import { problemSchema, type Problem } from '@hearth/contracts';

/** Codes of problems that the browser itself notices. */
const UNREACHABLE_CODE = 'unreachable';
const UNREADABLE_CODE = 'unreadable-answer';

/** Everything that can go wrong with a call, in the server's words where it has any. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: readonly { readonly field: string; readonly message: string }[];

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.detail ?? problem.title, options);
    this.name = 'ApiProblem';
    this.status = problem.status;
    this.code = problem.code;
    this.fields = problem.errors ?? [];
  }

  /** True when asking again later may help: nobody answered, or the server was overwhelmed. */
  get isPassing(): boolean {
    return this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504;
  }
}

export function unreachable(cause: unknown): ApiProblem {
  return new ApiProblem(
    {
      type: 'about:blank',
      title: 'Hearth cannot be reached',
      status: 0,
      code: UNREACHABLE_CODE,
      detail: 'Hearth cannot be reached. Check that it is running and that you are on its network.',
    },
    { cause },
  );
}

export function unreadable(status: number, cause: unknown): ApiProblem {
  return new ApiProblem(
    {
      type: 'about:blank',
      title: 'Unexpected answer',
      status,
      code: UNREADABLE_CODE,
      detail: 'The server gave an answer that this page does not understand. Reload the page.',
    },
    { cause },
  );
}

/** The problem in the body of a failed answer; one made from the status where the body says nothing. */
export async function readProblem(response: Response): Promise<ApiProblem> {
  const body: unknown = await response.json().catch(() => undefined);
  const parsed = problemSchema.safeParse(body);
  if (parsed.success) return new ApiProblem(parsed.data);
  return new ApiProblem({
    type: 'about:blank',
    title: titleFor(response.status),
    status: response.status,
    code: `http-${response.status}`,
    detail: messageOf(body) ?? titleFor(response.status),
  });
}

/** The sign-in library answers `{ message }`. */
function messageOf(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('message' in body)) return undefined;
  return typeof body.message === 'string' && body.message !== '' ? body.message : undefined;
}

function titleFor(status: number): string {
  if (status === 401) return 'You are not signed in';
  if (status === 403) return 'You may not do that';
  if (status === 404) return 'That does not exist any more';
  if (status === 429) return 'Too many attempts. Wait a minute and try again';
  return `The server answered with an error (${status})`;
}

/** A sentence for a toast, whatever was thrown. */
export function describeError(error: unknown): string {
  return error instanceof Error ? error.message : 'Something went wrong.';
}

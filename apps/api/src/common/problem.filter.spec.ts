import { NotFoundException } from '@nestjs/common';
import { problemSchema } from '@hearth/contracts';
import { InvalidInput, NotSignedIn } from './errors.js';
import { toProblem } from './problem.filter.js';

describe('toProblem', () => {
  it('names each bad field', () => {
    const problem = toProblem(new InvalidInput([{ field: 'owner.email', message: 'is no email' }]));
    expect(problem).toMatchObject({
      status: 422,
      code: 'invalid-input',
      errors: [{ field: 'owner.email', message: 'is no email' }],
    });
  });

  it('says nothing of an unforeseen error', () => {
    const problem = toProblem(new Error('password "hunter2" is wrong for user hearth'));
    expect(problem.status).toBe(500);
    expect(JSON.stringify(problem)).not.toContain('hunter2');
  });

  it.each([
    [new NotSignedIn(), 401],
    [new NotFoundException('Cannot GET /api/x'), 404],
    [Object.assign(new Error('FST_ERR_CTP_BODY_TOO_LARGE'), { statusCode: 413 }), 413],
    [Object.assign(new Error('FST_ERR_CTP_INVALID_MEDIA_TYPE'), { statusCode: 415 }), 415],
    ['thrown text', 500],
  ])('follows the contract for %s', (error, status) => {
    expect(problemSchema.parse(toProblem(error)).status).toBe(status);
  });
});

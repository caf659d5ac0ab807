import { ApiProblem } from './api-problem';
import { placeProblem } from './place-problem';

const aForm = (values: object) => {
  const errors: Record<string, string | undefined> = {};
  return {
    errors,
    form: {
      getValues: (() => values) as never,
      setError: (field: string, error: { message?: string }) => {
        errors[field] = error.message;
      },
    },
  };
};
const aProblem = (errors?: { field: string; message: string }[]) =>
  new ApiProblem({
    type: 'about:blank',
    title: 'Unprocessable',
    status: 422,
    code: 'invalid-input',
    detail: 'The body is wrong.',
    ...(errors && { errors }),
  });

describe(placeProblem, () => {
  it('puts an error on the field that it names, however deep', () => {
    const { form, errors } = aForm({ owner: { email: 'x' } });
    placeProblem(form, aProblem([{ field: 'owner.email', message: 'is no email' }]));
    expect(errors).toEqual({ 'owner.email': 'is no email' });
  });

  it('says above the form what has no field in it', () => {
    const { form, errors } = aForm({ name: '' });
    placeProblem(form, aProblem([{ field: '__proto__', message: 'is not known' }]));
    expect(errors).toEqual({ 'root.server': '__proto__ is not known' });
  });

  it('falls back to the sentence of the problem', () => {
    const { form, errors } = aForm({});
    placeProblem(form, aProblem());
    expect(errors).toEqual({ 'root.server': 'The body is wrong.' });
  });
});

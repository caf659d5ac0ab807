'use client';

import { formResolver } from '../../../api/form-resolver';
import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { useForm } from 'react-hook-form';
import { z } from 'zod';
import { ApiProblem } from '../../../api/api-problem';
import { safeNextPath } from '../../../api/go-to-login';
import { placeProblem } from '../../../api/place-problem';
import { Button } from '../../../ui/button';
import { TextField } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import { useSetupStatus, useSignIn, type Credentials } from '../queries';
import { PasswordField } from './password-field';

const credentialsSchema = z.object({
  email: z.email('Write it like name@example.com'),
  password: z.string().min(1, 'Type your password'),
});

export function LoginForm() {
  const router = useRouter();
  const setup = useSetupStatus();
  const signIn = useSignIn();
  const form = useForm<Credentials>({
    resolver: formResolver(credentialsSchema),
    defaultValues: { email: '', password: '' },
  });
  const { errors } = form.formState;
  const setupNeeded = setup.data?.needed === true;
  useEffect(() => {
    if (setupNeeded) router.replace('/setup');
  }, [setupNeeded, router]);

  const { setFocus } = form;
  useEffect(() => setFocus('email'), [setFocus]);

  const submit = form.handleSubmit(async (credentials) => {
    try {
      await signIn.mutateAsync(credentials);
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) {
        form.setError('root.server', { message: 'Email or password is not right.' });
        form.resetField('password');
        form.setFocus('password');
      } else placeProblem(form, error);
      return;
    }
    // A full load, so that nothing fetched while signed out stays.
    window.location.assign(safeNextPath(new URLSearchParams(window.location.search).get('next')));
  });

  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">Sign in</h1>
      <p className="mt-1 text-ink-1">Welcome back.</p>
      <form noValidate onSubmit={(event) => void submit(event)} className="mt-8 grid gap-5">
        {errors.root?.server !== undefined && (
          <Notice tone="bad">{errors.root.server.message}</Notice>
        )}
        {setup.isError && <Notice tone="warn">{setup.error.message}</Notice>}
        <TextField
          label="Email"
          type="email"
          autoComplete="username"
          error={errors.email?.message}
          {...form.register('email')}
        />
        <PasswordField
          label="Password"
          autoComplete="current-password"
          error={errors.password?.message}
          {...form.register('password')}
        />
        <Button
          type="submit"
          variant="primary"
          busy={form.formState.isSubmitting || signIn.isSuccess}
          className="mt-2"
        >
          Sign in
        </Button>
      </form>
    </>
  );
}

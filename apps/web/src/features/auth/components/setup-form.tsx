'use client';

import { formResolver } from '../../../api/form-resolver';
import {
  PASSWORD_MIN_LENGTH,
  setupRequestSchema,
  timeZoneSchema,
  type SetupRequest,
} from '@hearth/contracts';
import { useEffect } from 'react';
import { useForm } from 'react-hook-form';
import type { z } from 'zod';
import { placeProblem } from '../../../api/place-problem';
import { Button } from '../../../ui/button';
import { SelectField, TextField } from '../../../ui/field';
import { Notice } from '../../../ui/notice';
import { TimeZoneField } from '../../home/components/time-zone-field';
import { useSetUp } from '../queries';
import { PasswordField } from './password-field';

/** Regions whose people read °F, by the language tag of their browser. */
const FAHRENHEIT_REGIONS = new Set(['US', 'LR', 'BS', 'BZ', 'KY', 'PW']);

function guessUnits(): 'metric' | 'imperial' {
  const region = new Intl.Locale(navigator.language).maximize().region;
  return region !== undefined && FAHRENHEIT_REGIONS.has(region) ? 'imperial' : 'metric';
}

function guessTimeZone(): string {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return timeZoneSchema.safeParse(zone).success ? zone : 'UTC';
}

interface SetupFormProps {
  readonly token: string;
  readonly onDone: (homeName: string) => void;
}

export function SetupForm({ token, onDone }: SetupFormProps) {
  const setUp = useSetUp();
  const form = useForm<SetupRequest, unknown, z.output<typeof setupRequestSchema>>({
    resolver: formResolver(setupRequestSchema),
    defaultValues: {
      token,
      owner: { name: '', email: '', password: '' },
      home: { name: 'Home', timeZone: guessTimeZone(), units: guessUnits() },
    },
  });
  const { errors, isSubmitting } = form.formState;
  const { setFocus } = form;
  useEffect(() => setFocus('owner.name'), [setFocus]);

  const submit = form.handleSubmit(async (request) => {
    try {
      const { home } = await setUp.mutateAsync(request);
      onDone(home.name);
    } catch (error) {
      placeProblem(form, error);
    }
  });

  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">Welcome to your Hearth</h1>
      <p className="mt-1 text-ink-1">
        Two things to begin with: who you are, and what to call home.
      </p>
      <form noValidate onSubmit={(event) => void submit(event)} className="mt-8 grid gap-5">
        {errors.root?.server !== undefined && (
          <Notice tone="bad">{errors.root.server.message}</Notice>
        )}
        {errors.token !== undefined && (
          <Notice tone="bad">This setup link is not whole. Open it again from the terminal.</Notice>
        )}
        <TextField
          label="Your name"
          autoComplete="name"
          error={errors.owner?.name?.message}
          {...form.register('owner.name')}
        />
        <TextField
          label="Email"
          type="email"
          autoComplete="username"
          hint="To sign in with. Hearth sends nothing to it."
          error={errors.owner?.email?.message}
          {...form.register('owner.email')}
        />
        <PasswordField
          label="Password"
          autoComplete="new-password"
          hint={`At least ${PASSWORD_MIN_LENGTH} characters. A sentence is fine.`}
          error={errors.owner?.password?.message}
          {...form.register('owner.password')}
        />
        <hr className="my-1 border-line" />
        <TextField
          label="Name of your home"
          autoComplete="off"
          error={errors.home?.name?.message}
          {...form.register('home.name')}
        />
        <div className="grid gap-5 sm:grid-cols-2">
          <TimeZoneField
            current={guessTimeZone()}
            error={errors.home?.timeZone?.message}
            {...form.register('home.timeZone')}
          />
          <SelectField
            label="Units"
            error={errors.home?.units?.message}
            {...form.register('home.units')}
          >
            <option value="metric">Metric (°C, hPa)</option>
            <option value="imperial">Imperial (°F, inHg)</option>
          </SelectField>
        </div>
        <Button type="submit" variant="primary" busy={isSubmitting} className="mt-2">
          Make this my home
        </Button>
      </form>
    </>
  );
}

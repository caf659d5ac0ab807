import { deviceCreateSchema, integrationCreateSchema, setupRequestSchema } from '@hearth/contracts';
import { z } from 'zod';
import { formMessage } from './form-resolver';

const messages = (schema: z.ZodType, value: unknown) => {
  const parsed = schema.safeParse(value, { error: formMessage });
  return parsed.success
    ? {}
    : Object.fromEntries(parsed.error.issues.map((issue) => [issue.path.join('.'), issue.message]));
};

describe(formMessage, () => {
  it('speaks to people about the setup', () => {
    const request = {
      token: 'x',
      owner: { name: '', email: 'ada@example', password: 'short' },
      home: { name: 'x'.repeat(81), timeZone: 'Mars/Base', units: 'metric' },
    };
    expect(messages(setupRequestSchema, request)).toEqual({
      'owner.name': 'must not be empty',
      'owner.email': 'must be an email address, like name@example.com',
      'owner.password': 'must have at least 10 characters',
      'home.name': 'must have at most 80 characters',
      'home.timeZone': 'is no IANA time zone',
    });
  });

  it('leaves the words of the contracts as they are', () => {
    expect(messages(deviceCreateSchema, { name: 'x', kind: 'sensor', id: 'Not An Id' })).toEqual({
      id: 'use 1 to 63 lower-case letters, digits and hyphens',
    });
  });

  it('counts lists and numbers', () => {
    const integration = { name: 'x', username: 'x', topicFilters: [] };
    expect(messages(integrationCreateSchema, integration)).toEqual({
      topicFilters: 'needs at least one',
    });
    expect(messages(z.number().int().min(1), NaN)).toEqual({ '': 'must be a number' });
    expect(messages(z.number().min(1), 0)).toEqual({ '': 'must be at least 1' });
  });
});

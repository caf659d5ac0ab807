/** @jest-environment jsdom */
import { commandSchema, meSchema, type Command } from '@hearth/contracts';
import { cleanup, render, screen } from '@testing-library/react';
import { HomeProvider } from '../../home/home-context';
import { CommandSteps } from './command-steps';

afterEach(cleanup);

const me = meSchema.parse({
  user: { id: '1', name: 'Ada', email: 'ada@example.org' },
  role: 'owner',
  home: {
    id: '6f1f1e0e-58d0-4d7e-9a39-0d1f3c7f0001',
    name: 'Home',
    timeZone: 'UTC',
    units: 'metric',
  },
});

const show = (more: Partial<Command>) => {
  const command = commandSchema.parse({
    id: '0b2f6a1c-7c7e-4f9e-9a53-0f3f2b7f3a01',
    deviceId: 'thermostat',
    name: 'climate',
    args: {},
    status: 'sent',
    reason: null,
    requestedBy: 'Ada',
    createdAt: '2026-01-01T00:00:00Z',
    sentAt: '2026-01-01T00:00:00Z',
    deliveredAt: null,
    acceptedAt: null,
    finishedAt: null,
    expiresAt: '2026-01-01T00:00:15Z',
    ...more,
  });
  render(
    <HomeProvider me={me}>
      <CommandSteps command={command} />
    </HomeProvider>,
  );
};

describe(CommandSteps, () => {
  it('says politely how far the command got', () => {
    show({});
    const sentence = screen.getByText('Sent, the device has not confirmed it yet');
    expect(sentence.getAttribute('aria-live')).toBe('polite');
  });

  it('gives the reason of the device when it refuses', () => {
    show({ status: 'rejected', reason: 'defrosting', finishedAt: '2026-01-01T00:00:01Z' });
    expect(screen.getByText('defrosting').getAttribute('aria-live')).toBe('polite');
  });
});

'use client';

import type { Device } from '@hearth/contracts';
import Link from 'next/link';
import { formatAge, toMs } from '../../../format/time';
import { useNow } from '../../../live/use-now';
import { Button } from '../../../ui/button';
import { Card } from '../../../ui/card';
import { cx } from '../../../ui/cx';
import { Notice } from '../../../ui/notice';
import { QuantityText } from '../../../ui/quantity-text';
import { Segmented } from '../../../ui/segmented';
import { CommandSteps } from '../../commands/components/command-steps';
import { describeCommand } from '../../commands/model';
import { useFormat } from '../../home/home-context';
import { isSilent } from '../../home/model';
import { describeAction, doingOf, modeLabel, targetsOf, type TargetField } from '../model';
import { useClimate } from '../use-climate';
import { Dial } from './dial';
import { TargetStepper } from './target-stepper';

const DOING_INK = { heating: 'text-heat', cooling: 'text-cool', neutral: 'text-ink-1' } as const;

interface ThermostatCardProps {
  readonly device: Device;
  /** On pages that are not the device's own: its name and room above, linked. */
  readonly title?: string;
  readonly subtitle?: string;
  readonly className?: string;
}

/** A thermostat: how warm it is, how warm it should be, and what becomes of a change. */
export function ThermostatCard(props: ThermostatCardProps) {
  const { device, title, subtitle, className } = props;
  const climate = useClimate(device);
  const { shown, capabilities, mayChange } = climate;
  const targets = shown === null ? undefined : targetsOf(shown);
  const fields: readonly TargetField[] =
    targets?.kind === 'range' ? ['target_low', 'target_high'] : ['target'];
  return (
    <Card aria-label={`Thermostat ${device.name}`} className={cx('flex flex-col p-5', className)}>
      {title !== undefined && (
        <h2 className="mb-2 font-semibold">
          <Link href={`/devices/${device.id}`} className="hover:underline">
            {title}
          </Link>
          {subtitle !== undefined && (
            <span className="block text-sm font-normal text-ink-2">{subtitle}</span>
          )}
        </h2>
      )}
      <Dial climate={climate} deviceName={device.name}>
        <Middle device={device} climate={climate} />
      </Dial>
      {shown !== null && targets?.kind !== 'none' && (
        <div className="-mt-3 flex flex-wrap justify-center gap-x-5 gap-y-2">
          {fields.map((field) => (
            <TargetStepper key={field} field={field} climate={climate} deviceName={device.name} />
          ))}
        </div>
      )}
      {shown !== null && (
        <div className="mt-5 flex justify-center">
          <Segmented
            label={`Mode of ${device.name}`}
            value={shown.mode}
            options={capabilities.modes.map((mode) => ({ value: mode, label: modeLabel(mode) }))}
            onChange={(mode) => {
              if (mayChange) climate.setMode(mode);
            }}
          />
        </div>
      )}
      <ChangeStatus climate={climate} device={device} />
    </Card>
  );
}

interface ClimateProps {
  readonly climate: ReturnType<typeof useClimate>;
  readonly device: Device;
}

/** How warm it is, large; what it does about it, in words. */
function Middle({ climate, device }: ClimateProps) {
  const format = useFormat();
  const now = useNow(10_000);
  const { reported } = climate;
  if (reported === null) {
    return <p className="max-w-40 text-sm text-ink-2">This thermostat has not reported yet.</p>;
  }
  const silent = isSilent(device);
  const reportedAt = toMs(device.climate?.reportedAt);
  return (
    <div className="max-w-[58%]">
      <p className="text-sm text-ink-2">Now</p>
      <p className={cx(silent && 'opacity-45')}>
        <QuantityText {...format.celsius(reported.current)} size="hero" />
      </p>
      <p
        className={cx(
          'mt-1.5 text-sm text-balance',
          silent ? 'text-ink-2' : DOING_INK[doingOf(reported.action)],
        )}
      >
        {silent
          ? `Offline, heard ${reportedAt === undefined ? 'never' : formatAge(now - reportedAt)}`
          : describeAction(reported, format)}
      </p>
    </div>
  );
}

/** With nothing under way: how old what the dial shows is. */
function Heard({ device }: { device: Device }) {
  const now = useNow(5_000);
  const reportedAt = toMs(device.climate?.reportedAt);
  return (
    <p className="mt-4 min-h-12 text-center text-sm text-ink-2">
      {reportedAt !== undefined && `Confirmed by the device ${formatAge(now - reportedAt)}`}
    </p>
  );
}

/** Sent, delivered, applied; or what went wrong, and the offer to try again. */
function ChangeStatus({ climate, device }: ClimateProps) {
  const { inFlight } = climate;
  if (inFlight.phase === 'none') return <Heard device={device} />;
  if (inFlight.phase === 'failed') {
    return (
      <Notice
        tone="bad"
        className="mt-4 text-sm"
        action={
          climate.mayChange && (
            <Button size="small" onClick={climate.retry}>
              Try again
            </Button>
          )
        }
      >
        Not set: {describeCommand(inFlight.command)}
      </Notice>
    );
  }
  return (
    <div className="mt-4 flex min-h-12 justify-center text-center">
      <CommandSteps command={inFlight.command} />
    </div>
  );
}

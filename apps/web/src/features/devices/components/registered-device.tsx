'use client';

import type { DeviceWithSecret } from '@hearth/contracts';
import { Check, CircleAlert, LoaderCircle } from 'lucide-react';
import Link from 'next/link';
import { useMemo, useState, type ReactNode } from 'react';
import { serverNow } from '../../../live/server-clock';
import { ButtonLook } from '../../../ui/button';
import { Card, CardHeader } from '../../../ui/card';
import { CodeBlock } from '../../../ui/code-block';
import { cx } from '../../../ui/cx';
import { PageHeader } from '../../../ui/page-header';
import { QuantityText } from '../../../ui/quantity-text';
import { Segmented } from '../../../ui/segmented';
import { useFormat } from '../../home/home-context';
import { useDeadLetters } from '../../inbox/letter-queries';
import { metricLabel } from '../../../format/quantity';
import { useRefusals } from '../../server/refusals';
import { describeFirstMessage, firstMessage, type FirstMessage } from '../first-message';
import { useDevice } from '../queries';
import { esp32Config, mosquittoLine, picoConfig } from '../snippets';
import { connectionOf, SecretPanel } from './secret-panel';

type Board = 'terminal' | 'esp32' | 'pico';

const BOARDS: readonly { value: Board; label: string }[] = [
  { value: 'terminal', label: 'Terminal' },
  { value: 'esp32', label: 'ESP32' },
  { value: 'pico', label: 'Pico W' },
];

/** After registering: the secret, what to put on the board, and how far its first message got. */
export function RegisteredDevice({ issued }: { issued: DeviceWithSecret }) {
  const { device } = issued;
  return (
    <div className="max-w-[46rem]">
      <PageHeader
        parent={{ href: '/devices', label: 'Devices' }}
        title={device.name}
        lead="Registered. Give the board its user name and secret, and let it speak."
      />
      <div className="grid gap-4">
        <FirstMessageCheck issued={issued} />
        <Card aria-labelledby="secret-title">
          <CardHeader id="secret-title" title="Credentials" />
          <div className="px-5 pt-1 pb-5">
            <SecretPanel issued={issued} />
          </div>
        </Card>
        <Snippets issued={issued} />
      </div>
    </div>
  );
}

function Snippets({ issued }: { issued: DeviceWithSecret }) {
  const [board, setBoard] = useState<Board>('terminal');
  const { kind } = issued.device;
  const connection = useMemo(() => connectionOf(issued), [issued]);
  return (
    <Card aria-labelledby="snippets-title">
      <CardHeader
        id="snippets-title"
        title="Put it on the board"
        action={<Segmented label="Board" value={board} options={BOARDS} onChange={setBoard} />}
      />
      <div className="px-5 pt-2 pb-5">
        {board === 'terminal' && (
          <CodeBlock
            what="the command"
            code={mosquittoLine(connection, kind)}
            caption="Sends one reading from any machine that has mosquitto-clients: a quick way to try it."
          />
        )}
        {board === 'esp32' && (
          <CodeBlock
            what="the configuration"
            code={esp32Config(connection, kind)}
            caption="Save as devices/esp32/include/config.h, fill in your Wi-Fi, then: pio run -t upload"
          />
        )}
        {board === 'pico' && (
          <CodeBlock
            what="the configuration"
            code={picoConfig(connection, kind)}
            caption="Save as devices/pico/config.json, fill in your Wi-Fi, then copy the folder to the board."
          />
        )}
      </div>
    </Card>
  );
}

const LOOKS: Readonly<Record<FirstMessage['step'], 'good' | 'bad' | 'wait'>> = {
  arrived: 'good',
  connected: 'wait',
  waiting: 'wait',
  'wrong-secret': 'bad',
  'other-name': 'bad',
  'wrong-topic': 'bad',
  'not-understood': 'bad',
};

/** Watches until the first reading is here and names the step that fails meanwhile. */
function FirstMessageCheck({ issued }: { issued: DeviceWithSecret }) {
  const format = useFormat();
  const [since] = useState(serverNow);
  const listed = useDevice(issued.device.id).data;
  const device = listed ?? issued.device;
  const arrived = device.series.some((series) => series.latest !== null);
  const refusals = useRefusals(!arrived).data ?? [];
  const letters = useDeadLetters({ deviceId: issued.device.id }).data ?? [];
  const where = firstMessage(device, refusals, letters, since);
  const { title, advice } = describeFirstMessage(where, device);
  const look = LOOKS[where.step];
  return (
    <Card
      aria-live="polite"
      className={cx(
        'p-5 transition-colors duration-200',
        look === 'good' && 'ring-2 ring-good',
        look === 'bad' && 'ring-2 ring-bad',
      )}
    >
      <div className="flex items-start gap-4">
        <Mark look={look} />
        <div className="min-w-0 flex-1">
          <h2 className="font-semibold">{title}</h2>
          <p className="mt-0.5 text-ink-1">{advice}</p>
          {arrived && (
            <>
              <ul className="mt-3 flex flex-wrap gap-x-8 gap-y-2">
                {device.series.map((series) => (
                  <li key={series.id}>
                    <span className="block text-sm text-ink-2">{metricLabel(series.metric)}</span>
                    <QuantityText {...format.latest(series)} size="large" />
                  </li>
                ))}
              </ul>
              <div className="mt-5">
                <ButtonLook variant="primary">
                  <Link href={`/devices/${device.id}`}>Open {device.name}</Link>
                </ButtonLook>
              </div>
            </>
          )}
        </div>
      </div>
    </Card>
  );
}

function Mark({ look }: { look: 'good' | 'bad' | 'wait' }) {
  const icons: Readonly<Record<typeof look, ReactNode>> = {
    good: <Check aria-hidden className="text-good" />,
    bad: <CircleAlert aria-hidden className="text-bad" />,
    wait: <LoaderCircle aria-hidden className="animate-spin text-ink-2" />,
  };
  return (
    <span className="grid size-10 shrink-0 place-items-center rounded-full bg-surface-2 [&_svg]:size-5">
      {icons[look]}
    </span>
  );
}

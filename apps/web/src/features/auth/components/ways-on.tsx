'use client';

import { CircuitBoard, House, Radio, type LucideIcon } from 'lucide-react';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useStartSimulator } from '../../simulator/queries';

interface WayProps {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly children: string;
}

const LOOK =
  'group flex w-full items-start gap-4 rounded-card border border-line bg-surface-1 p-5 text-left transition-colors duration-150 hover:border-line-strong hover:bg-surface-2 disabled:opacity-60';

function WayContent({ icon: Icon, title, children }: WayProps) {
  return (
    <>
      <span className="grid size-11 shrink-0 place-items-center rounded-full bg-accent-soft text-accent-ink">
        <Icon aria-hidden className="size-5" strokeWidth={1.75} />
      </span>
      <span className="min-w-0">
        <span className="block font-semibold">{title}</span>
        <span className="mt-0.5 block text-sm text-ink-1">{children}</span>
      </span>
    </>
  );
}

/** After the setup: where the first readings come from. */
export function WaysOn({ homeName }: { homeName: string }) {
  const router = useRouter();
  const simulator = useStartSimulator();
  return (
    <div className="enter">
      <h1 className="text-2xl font-semibold tracking-tight">{homeName} is ready</h1>
      <p className="mt-1 text-ink-1">Where should the first readings come from?</p>
      <div className="mt-8 grid gap-3">
        <button
          type="button"
          className={LOOK}
          disabled={simulator.isPending || simulator.isSuccess}
          onClick={() => simulator.mutate(undefined, { onSuccess: () => router.push('/') })}
        >
          <WayContent icon={House} title="Start a simulated home">
            Twelve make-believe boards move in at once: a quick way to look around. They leave when
            you say so.
          </WayContent>
        </button>
        <Link href="/register" className={LOOK}>
          <WayContent icon={CircuitBoard} title="Register a board">
            You have an ESP32, a Pico W or anything else that speaks MQTT. Give it a name and get
            its secret.
          </WayContent>
        </Link>
        <Link href="/inbox" className={LOOK}>
          <WayContent icon={Radio} title="Adopt what is already publishing">
            A bridge or a script sends readings somewhere. Point it here and see what arrives.
          </WayContent>
        </Link>
      </div>
      <p className="mt-6 text-sm text-ink-2">
        Not now?{' '}
        <Link href="/" className="text-accent-ink underline underline-offset-2 hover:text-ink-0">
          Look around first
        </Link>
      </p>
    </div>
  );
}

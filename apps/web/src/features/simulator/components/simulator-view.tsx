'use client';

import { FlaskConical, Play, Square } from 'lucide-react';
import { Button } from '../../../ui/button';
import { CodeBlock } from '../../../ui/code-block';
import { EmptyState } from '../../../ui/empty-state';
import { Notice } from '../../../ui/notice';
import { PageHeader } from '../../../ui/page-header';
import { Skeleton } from '../../../ui/skeleton';
import { useMay } from '../../home/home-context';
import { phaseOf, type Phase } from '../model';
import { useSimulator, useStartSimulator, useStopSimulator } from '../queries';
import { BoardList } from './board-list';
import { RunState } from './run-state';

/** A house of pretend devices: start it, stop it, pull its plugs. */
export function SimulatorView() {
  const simulator = useSimulator();
  const status = simulator.data;
  const phase = status === undefined ? undefined : phaseOf(status);
  if (status === undefined || phase === undefined) {
    return (
      <>
        <PageHeader title="Simulator" lead={<Skeleton className="h-5 w-72" />} />
        {simulator.isError ? (
          <Notice
            tone="bad"
            action={
              <Button size="small" onClick={() => void simulator.refetch()}>
                Try again
              </Button>
            }
          >
            {simulator.error.message}
          </Notice>
        ) : (
          <Skeleton className="h-96 rounded-card" />
        )}
      </>
    );
  }
  return (
    <>
      <PageHeader
        title="Simulator"
        lead={phase !== 'never' && <RunState phase={phase} status={status} />}
        action={phase !== 'never' && <Switch phase={phase} />}
      />
      {status.error !== null && (
        <Notice tone="bad" className="mb-4">
          <p className="font-medium">The simulator stopped by itself.</p>
          <p className="font-mono text-sm break-words whitespace-pre-wrap">{status.error}</p>
        </Notice>
      )}
      {phase === 'never' ? (
        <NothingSimulated />
      ) : (
        <BoardList status={status} awake={phase === 'running' || phase === 'elsewhere'} />
      )}
    </>
  );
}

/** What runs in a terminal is stopped there. */
function Switch({ phase }: { phase: Phase }) {
  const start = useStartSimulator();
  const stop = useStopSimulator();
  const may = useMay();
  if (!may.act || phase === 'elsewhere') return null;
  if (phase === 'running' || phase === 'starting') {
    return (
      <Button busy={stop.isPending} onClick={() => stop.mutate()}>
        <Square aria-hidden /> Stop
      </Button>
    );
  }
  return (
    <Button variant="primary" busy={start.isPending} onClick={() => start.mutate()}>
      <Play aria-hidden /> Start
    </Button>
  );
}

function NothingSimulated() {
  const start = useStartSimulator();
  const may = useMay();
  return (
    <>
      <EmptyState
        icon={FlaskConical}
        title="A house to try things in"
        action={
          may.act && (
            <Button variant="primary" busy={start.isPending} onClick={() => start.mutate()}>
              <Play aria-hidden /> Start a simulated home
            </Button>
          )
        }
      >
        Rooms that warm and cool, people who come and go, a meter that counts: pretend devices that
        talk to Hearth just as real ones do. They join your home marked as simulated, and you can
        pull their plugs to see what happens.
      </EmptyState>
      <div className="mx-auto max-w-md px-6">
        <p className="mb-2 text-center text-sm text-ink-2">
          or run it in a terminal, where Hearth is installed
        </p>
        <CodeBlock code="npm run simulate" what="Command" />
      </div>
    </>
  );
}

'use client';

import type { DeadLetter, WholeDeadLetter } from '@hearth/contracts';
import { Download } from 'lucide-react';
import { useMemo, useState, type ReactNode } from 'react';
import { useNow } from '../../../live/use-now';
import { Button } from '../../../ui/button';
import { CopyButton } from '../../../ui/copy-button';
import { Dialog } from '../../../ui/dialog';
import { Notice } from '../../../ui/notice';
import { Segmented } from '../../../ui/segmented';
import { Skeleton } from '../../../ui/skeleton';
import { useFormat, useMay } from '../../home/home-context';
import { formatBytes } from '../../server/format-bytes';
import { fromBase64, hexDump } from '../hex-dump';
import { useDeadLetter } from '../letter-queries';
import { describeHindrance, describeRefusal } from '../refusal-words';
import { LetterActions } from './letter-actions';
import { Sender } from './sender';

/** Bytes that are drawn: nobody reads more, and a browser is slow with it. All are there to download. */
const MOST_SHOWN_BYTES = 16_384;

/** One refused message: why, what to do, and its bytes. */
export function DeadLetterDialog(props: { letter: DeadLetter; onClose: () => void }) {
  const { letter, onClose } = props;
  const may = useMay();
  const whole = useDeadLetter(letter.id);
  const { title, advice } = describeRefusal(letter.code);
  return (
    <Dialog open onOpenChange={onClose} title={title} description={advice}>
      <Facts letter={letter} />
      {whole.isPending && <Skeleton className="mt-4 h-40" />}
      {whole.isError && (
        <Notice tone="bad" className="mt-4">
          {whole.error.message}
        </Notice>
      )}
      {whole.data !== undefined && <Payload letter={whole.data} />}
      {letter.hindrance !== null && (
        <Notice tone="info" className="mt-4">
          It cannot be replayed. {describeHindrance(letter.hindrance)}
        </Notice>
      )}
      {may.act && (
        <div className="mt-6 flex flex-wrap justify-end gap-2">
          <LetterActions
            target={{ id: letter.id }}
            count={1}
            canReplay={letter.hindrance === null}
            onDone={onClose}
          />
        </div>
      )}
    </Dialog>
  );
}

function Facts({ letter }: { letter: DeadLetter }) {
  const format = useFormat();
  const now = useNow(60_000);
  return (
    <dl className="mt-4 grid grid-cols-[auto_1fr] gap-x-4 gap-y-1 text-sm">
      <Fact term="Topic">
        <span className="font-mono break-all">{letter.topic}</span>
      </Fact>
      <Fact term="Received">{format.time.moment(Date.parse(letter.receivedAt), now)}</Fact>
      <Fact term="From">
        <Sender principalId={letter.principalId ?? ''} linked />
      </Fact>
      <Fact term="Reason">{letter.detail}</Fact>
      <Fact term="Step, code">
        {letter.step}, {letter.code}
      </Fact>
    </dl>
  );
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className="col-span-2 grid grid-cols-subgrid">
      <dt className="text-ink-2">{term}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

const VIEWS = [
  { value: 'text', label: 'Text' },
  { value: 'hex', label: 'Hex' },
] as const;

function Payload({ letter }: { letter: WholeDeadLetter }) {
  const [view, setView] = useState<'text' | 'hex'>('text');
  const bytes = useMemo(() => fromBase64(letter.payloadBase64), [letter.payloadBase64]);
  const shown = useMemo(() => {
    const first = bytes.subarray(0, MOST_SHOWN_BYTES);
    return view === 'hex' ? hexDump(first) : new TextDecoder().decode(first);
  }, [bytes, view]);
  return (
    <section aria-label="Payload" className="mt-4">
      <div className="flex flex-wrap items-center gap-2">
        <Segmented label="Show the payload as" value={view} options={VIEWS} onChange={setView} />
        <p className="flex-1 text-sm text-ink-2">{describeSize(letter)}</p>
        <CopyButton text={view === 'hex' ? shown : letter.payloadText} what="the payload" />
        <Button
          size="iconSmall"
          variant="ghost"
          aria-label="Download the payload"
          onClick={() => download(bytes, `message-${letter.id}.bin`)}
        >
          <Download aria-hidden />
        </Button>
      </div>
      <pre
        className="mt-2 max-h-64 overflow-auto rounded-control bg-surface-2 px-4 py-3 font-mono text-sm break-all whitespace-pre-wrap data-[view=hex]:break-normal data-[view=hex]:whitespace-pre"
        data-view={view}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- long payloads scroll, and keys must reach them
        tabIndex={0}
      >
        {shown === '' ? 'empty' : shown}
      </pre>
      {bytes.length > MOST_SHOWN_BYTES && (
        <p className="mt-1 text-sm text-ink-2">
          The first {formatBytes(MOST_SHOWN_BYTES)} are shown. Download it to see all.
        </p>
      )}
    </section>
  );
}

function describeSize({ payloadBytes, keptBytes }: DeadLetter): string {
  const size = formatBytes(payloadBytes);
  return keptBytes < payloadBytes ? `${size}, of which ${formatBytes(keptBytes)} are kept` : size;
}

function download(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const url = URL.createObjectURL(new Blob([bytes]));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

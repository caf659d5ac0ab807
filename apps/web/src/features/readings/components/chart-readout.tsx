'use client';

import { readAt, type PlotLine, type RibbonStretch } from '../../../charts/plot';
import { useNow } from '../../../live/use-now';
import { useFormat } from '../../home/home-context';

interface ChartReadoutProps {
  readonly lines: readonly PlotLine[];
  readonly ribbon: readonly RibbonStretch[];
  /** The instant under the crosshair. */
  readonly at: number | undefined;
}

/** What the chart says at the crosshair. It keeps its place, so that nothing jumps under the pointer. */
export function ChartReadout({ lines, ribbon, at }: ChartReadoutProps) {
  const format = useFormat();
  const now = useNow(60_000);
  const doing = ribbon.find(({ from, to }) => at !== undefined && at >= from && at < to)?.kind;
  return (
    <p
      aria-live="polite"
      className="flex min-h-7 flex-wrap items-center gap-x-4 px-5 pt-1 pb-1 text-sm text-ink-2"
    >
      {at === undefined ? (
        <Legend lines={lines} hasRibbon={ribbon.length > 0} />
      ) : (
        <>
          <span className="text-ink-1">{format.time.moment(at, now)}</span>
          {lines.map((line) => {
            const read = readAt(line, at);
            if (read === undefined) return null;
            return (
              <span key={line.name}>
                <Dot colour={line.colour} />
                {line.name}{' '}
                <strong className="font-semibold text-ink-0">
                  {line.write(read.value)} {line.unit}
                </strong>
                {read.low !== undefined && read.high !== undefined && (
                  <>
                    {' '}
                    ({line.write(read.low)} to {line.write(read.high)})
                  </>
                )}
              </span>
            );
          })}
          {doing !== undefined && <span>{doing === 'heat' ? 'heating' : 'cooling'}</span>}
        </>
      )}
    </p>
  );
}

function Legend({ lines, hasRibbon }: { lines: readonly PlotLine[]; hasRibbon: boolean }) {
  return (
    <>
      {lines.map((line) => (
        <span key={line.name}>
          <Dot colour={line.colour} dashed={line.shape === 'step'} />
          {line.name}
          {line.unit === '' ? '' : `, ${line.unit}`}
          {line.band.low.length > 0 && ' (mean, lowest to highest)'}
        </span>
      ))}
      {hasRibbon && (
        <span>
          <Dot colour="heat" /> heating <Dot colour="cool" /> cooling
        </span>
      )}
    </>
  );
}

function Dot({ colour, dashed = false }: { colour: string; dashed?: boolean }) {
  const ink = `var(--${colour})`;
  return (
    <span
      aria-hidden
      className="mr-1.5 inline-block h-0.5 w-3.5 rounded-full align-middle"
      style={{
        background: dashed
          ? `repeating-linear-gradient(90deg, ${ink} 0 4px, transparent 4px 6px)`
          : ink,
      }}
    />
  );
}

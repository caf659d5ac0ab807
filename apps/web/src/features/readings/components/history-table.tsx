'use client';

import type { History, Series } from '@hearth/contracts';
import { useNow } from '../../../live/use-now';
import { useFormat } from '../../home/home-context';

/** Rows that a table shows: more would be scrolled by nobody. */
const MOST_ROWS = 300;

/** The same history in numbers, newest first. */
export function HistoryTable({
  series,
  history,
}: {
  series: Series;
  history: History | undefined;
}) {
  const format = useFormat();
  const now = useNow(60_000);
  const rows = [...(history?.buckets ?? [])].reverse().slice(0, MOST_ROWS);
  const write = (value: number) => {
    const { text, unit } = format.reading(series, value);
    return unit === '' ? text : `${text}\u2009${unit}`;
  };
  return (
    <section
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, and keys must reach it
      tabIndex={0}
      aria-label="History as a table"
      className="m-5 mt-2 max-h-80 overflow-auto rounded-control border border-line"
    >
      <table className="w-full text-sm">
        <thead className="sticky top-0 bg-surface-2 text-left text-ink-1">
          <tr>
            <th className="px-4 py-2 font-medium">Time</th>
            <th className="px-4 py-2 text-right font-medium">Mean</th>
            <th className="px-4 py-2 text-right font-medium">Lowest</th>
            <th className="px-4 py-2 text-right font-medium">Highest</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([start, min, max, mean]) => (
            <tr key={start} className="border-t border-line">
              <td className="px-4 py-1.5 whitespace-nowrap">{format.time.moment(start, now)}</td>
              <td className="px-4 py-1.5 text-right">{write(mean)}</td>
              <td className="px-4 py-1.5 text-right text-ink-2">{write(min)}</td>
              <td className="px-4 py-1.5 text-right text-ink-2">{write(max)}</td>
            </tr>
          ))}
          {rows.length === 0 && (
            <tr>
              <td colSpan={4} className="px-4 py-6 text-center text-ink-2">
                No readings in this time.
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}

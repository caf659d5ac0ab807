// One value as a line of a file. Pure.
import type { ExportFormat } from '@hearth/contracts';
import type { HomeSeries } from '../readings/home-series.repository.js';

/** Epoch milliseconds and what was measured then. */
type Line = (ts: number, value: number | string) => string;

interface Encoding {
  readonly contentType: string;
  /** What the file begins with. */
  readonly head: string;
  readonly line: (series: HomeSeries) => Line;
}

export const ENCODINGS: Readonly<Record<ExportFormat, Encoding>> = {
  /** RFC 4180. Times are ISO 8601 in UTC. */
  csv: {
    contentType: 'text/csv; charset=utf-8; header=present',
    head: 'time,device,metric,value,unit\r\n',
    line: ({ deviceId, metric, unit }) => {
      const [before, after] = [
        `,${csvField(deviceId)},${csvField(metric)},`,
        `,${csvField(unit)}\r\n`,
      ];
      return (ts, value) =>
        new Date(ts).toISOString() +
        before +
        (typeof value === 'number' ? String(value) : csvField(value)) +
        after;
    },
  },
  ndjson: {
    contentType: 'application/x-ndjson; charset=utf-8',
    head: '',
    line: ({ deviceId, metric, unit }) => {
      const before = `","device":${JSON.stringify(deviceId)},"metric":${JSON.stringify(metric)},"value":`;
      const after = `,"unit":${JSON.stringify(unit)}}\n`;
      return (ts, value) =>
        `{"time":"${new Date(ts).toISOString()}${before}${JSON.stringify(value)}${after}`;
    },
  },
};

/** A text that a device chose, as a field. A spreadsheet would run what begins like a formula: an apostrophe says that it is text. */
function csvField(text: string): string {
  const tame = /^[=+\-@\t\r\n＝＋－＠]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(tame) ? `"${tame.replaceAll('"', '""')}"` : tame;
}

import { Controller, Get, Param, Query, StreamableFile } from '@nestjs/common';
import {
  exportQuerySchema,
  seriesExportQuerySchema,
  seriesIdSchema,
  type ExportFormat,
  type HomeId,
} from '@hearth/contracts';
import { z } from 'zod';
import { CurrentHome } from '../auth/access.js';
import { Contract } from '../common/contract.js';
import { DeviceNotFound } from '../devices/errors.js';
import { Directory } from '../directory/directory.js';
import { HomeSeriesRepository } from '../readings/home-series.repository.js';
import { ENCODINGS } from './export-line.js';
import { ExportService } from './export.service.js';

const seriesParamsSchema = z.object({ id: seriesIdSchema });
type ExportQuery = z.output<typeof exportQuerySchema>;

@Controller()
export class ExportController {
  readonly #exports: ExportService;
  readonly #series: HomeSeriesRepository;
  readonly #directory: Directory;

  constructor(exports: ExportService, series: HomeSeriesRepository, directory: Directory) {
    this.#exports = exports;
    this.#series = series;
    this.#directory = directory;
  }

  @Get('series/:id/export')
  @Contract({
    summary: 'All values of a series as a file, CSV or NDJSON',
    params: seriesParamsSchema,
    query: seriesExportQuerySchema,
    contentType: 'text/csv',
  })
  async one(
    @Param() { id }: z.output<typeof seriesParamsSchema>,
    @Query() query: z.output<typeof seriesExportQuerySchema>,
    @CurrentHome() homeId: HomeId,
  ) {
    const series = await this.#series.getOne(homeId, id);
    const name = `${series.deviceId}-${series.metric}`;
    return toFile(this.#exports.open([series], query), name, query.format);
  }

  @Get('export')
  @Contract({
    summary: 'All values of some series, of a device or of the home as a file, CSV or NDJSON',
    query: exportQuerySchema,
    contentType: 'text/csv',
  })
  async many(@Query() query: ExportQuery, @CurrentHome() homeId: HomeId) {
    const series = await this.#find(homeId, query);
    return toFile(this.#exports.open(series, query), query.device ?? 'home', query.format);
  }

  #find(homeId: HomeId, { series, device }: ExportQuery) {
    if (series !== undefined) return this.#series.get(homeId, series);
    if (device !== undefined && this.#directory.findDevice(device)?.homeId !== homeId) {
      throw new DeviceNotFound();
    }
    return this.#series.list(homeId, device);
  }
}

function toFile(stream: ReturnType<ExportService['open']>, name: string, format: ExportFormat) {
  return new StreamableFile(stream, {
    type: ENCODINGS[format].contentType,
    // Ids of devices and names of metrics need no quoting; were one to, it is left out.
    disposition: `attachment; filename="hearth-${name.replaceAll(/[^\w-]/g, '')}.${format}"`,
  });
}

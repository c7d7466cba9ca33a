/** Vigil's processes: states of their parts, starts, processor and memory. */
import type { PanelBuilder as Ribbon } from '@grafana/grafana-foundation-sdk/statetimeline';
import type { PanelBuilder as TimeSeries } from '@grafana/grafana-foundation-sdk/timeseries';
import { curves } from '../influx-query.ts';
import { GAPS, IN_RANGE, PER_BUCKET } from '../influxql.ts';
import { barsPanel, curvesPanel, ribbonPanel } from '../kinds.ts';
import { inUse, partStateWords } from '../look.ts';
import { columns, FIGURES_EVERY, from, mostOf } from './figures.ts';

const { label, metric, process, value } = columns;

export const partStates = (): Ribbon =>
  ribbonPanel({
    title: 'Parts of each process',
    description:
      'State of each thing that a process needs, at its worst in each bucket (measurement engine, vigil_part_state). Empty: the process did not report.',
    queries: [curves('A', mostOf('vigil_part_state', process, label), '$tag_process: $tag_label')],
  })
    .interval(FIGURES_EVERY)
    .maxDataPoints(360)
    .mappings([...partStateWords]);

export const providerPanel = (): Ribbon =>
  ribbonPanel({
    title: 'Inference provider',
    description:
      'Where the networks of each process run (measurement engine, vigil_inference_provider_info). Empty: the process did not report.',
    queries: [curves('A', mostOf('vigil_inference_provider_info', process, label), '$tag_process: $tag_label')],
  })
    .interval(FIGURES_EVERY)
    .maxDataPoints(360)
    .mappings([...inUse]);

/** The growth of a bucket over the seconds since the one before. */
const perSecond = (name: string): string =>
  `SELECT max("rate") AS "rate" FROM (SELECT non_negative_derivative(last(${value}), 1s) AS "rate" FROM ${from} WHERE ${metric} = '${name}' AND ${IN_RANGE} ${PER_BUCKET}, ${process}) WHERE ${IN_RANGE} ${PER_BUCKET}, ${process} ${GAPS}`;

export const cpuPanel = (): TimeSeries =>
  curvesPanel({
    title: 'Processor of each process',
    description:
      'Seconds of processor per second, 100 % is one core (measurement engine, growth of process_cpu_seconds_total). A gap: the process did not report.',
    queries: [curves('A', perSecond('process_cpu_seconds_total'), '$tag_process')],
    axis: '% of one core',
    unit: 'percentunit',
  })
    .interval(FIGURES_EVERY)
    .min(0);

export const memoryPanel = (): TimeSeries =>
  curvesPanel({
    title: 'Memory of each process',
    description:
      'Resident memory, its most in each bucket (measurement engine, process_resident_memory_bytes). A gap: the process did not report.',
    queries: [curves('A', mostOf('process_resident_memory_bytes', process), '$tag_process')],
    axis: 'bytes',
    unit: 'bytes',
  })
    .interval(FIGURES_EVERY)
    .min(0);

export const restartsPanel = (): TimeSeries =>
  barsPanel({
    title: 'Starts of each process',
    description:
      'When processes started, wanted or not (measurement engine, vigil_process_started). No bar: none started.',
    queries: [
      curves(
        'A',
        `SELECT sum(${value}) AS "starts" FROM ${from} WHERE ${metric} = 'vigil_process_started' AND ${IN_RANGE} ${PER_BUCKET}, ${process} ${GAPS}`,
        '$tag_process',
      ),
    ],
    axis: 'starts',
    unit: 'suffix:starts',
  })
    .interval(FIGURES_EVERY)
    .maxDataPoints(120)
    .decimals(0);

import { create } from '@bufbuild/protobuf';
import { type Reading, ReadingSchema } from '../../schemas/generated/vigil/v1/engine_pb.ts';

/** One metric as the registry of prom-client tells it; of a histogram each sample has a name of its own. */
export interface MetricTold {
  readonly name: string;
  readonly values: readonly {
    readonly value: number;
    readonly metricName?: string;
    readonly labels: Readonly<Record<string, string | number>>;
  }[];
}

/** What is told of a process beside Vigil's own metrics. */
const OF_THE_PROCESS = [
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'nodejs_eventloop_lag_p99_seconds',
];
/** The recorder makes this one of the report's parts. */
const OF_PARTS = 'vigil_part_state';

const isTold = ({ name }: MetricTold): boolean =>
  (name.startsWith('vigil_') && name !== OF_PARTS) || OF_THE_PROCESS.includes(name);

/** "live", "le=0.05", or "/v1/telemetry,le=0.05". */
const labelOf = (labels: Readonly<Record<string, string | number>>): string => {
  const { le, ...words } = labels;
  return [...Object.values(words), ...(le === undefined ? [] : [`le=${le}`])].join(',');
};

/** The samples of /metrics as readings of a report. */
export const readingsOf = (metrics: readonly MetricTold[]): Reading[] =>
  metrics
    .filter(isTold)
    .flatMap(({ name, values }) =>
      values
        .filter(({ value }) => Number.isFinite(value))
        .map(({ value, metricName, labels }) =>
          create(ReadingSchema, { metric: metricName ?? name, label: labelOf(labels), value }),
        ),
    );

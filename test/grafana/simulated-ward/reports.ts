/** What Vigil's processes say of themselves on vigil.engine: what /metrics has, and states of parts. */
import { create } from '@bufbuild/protobuf';
import {
  type EngineReport,
  EngineReportSchema,
  PartState,
  type Reading,
  ReadingSchema,
} from '../../../schemas/generated/vigil/v1/engine_pb.ts';
import { encodeEngineReport } from '../../../schemas/messages.ts';
import type { Moment } from '../../../schemas/units.ts';
import type { NewRecord } from '../../../services/ports/event-log.ts';

export const reading = (metric: string, label: string, value: number): Reading =>
  create(ReadingSchema, { metric, label, value });

/** Words of the labels, then the bound of a histogram's bucket: "live", "le=0.05". */
const labelOf = (labels: string): string => {
  const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, word]) => [name, word] as const);
  const words = pairs.filter(([name]) => name !== 'le').map(([, word]) => word);
  return [...words, ...pairs.filter(([name]) => name === 'le').map(([, bound]) => `le=${bound}`)].join(',');
};

/** The text of /metrics as readings. */
export const readingsOf = (metrics: string): readonly Reading[] =>
  metrics.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^((?:vigil|process)_\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
    return name === undefined ? [] : [reading(name, labelOf(labels), Number(value))];
  });

export const report = (
  process: string,
  at: Moment,
  startedUs: Moment,
  part: string,
  readings: readonly Reading[],
): NewRecord => {
  const said: EngineReport = create(EngineReportSchema, {
    ...{ process, atUs: at, startedUs, parts: [{ name: part, state: PartState.OK, sentence: 'it works' }] },
    readings: [...readings],
  });
  return { topic: 'vigil.engine', key: process, value: encodeEngineReport(said) };
};

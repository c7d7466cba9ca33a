import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { type Finding, FindingSchema } from '../../../schemas/generated/vigil/v1/findings_pb.ts';
import { type MeasurementName, rhythmGravity, unitOfBed } from '../../../schemas/series.ts';
import { peakSymbol } from '../../../schemas/words.ts';
import type { StoredFinding } from '../../ports/series-store.ts';
import { refused } from './influx-errors.ts';
import { fieldsOf, seriesKey, timestamp } from './influx-lines.ts';
import type { Rows } from './influx-query.ts';

type Kind = NonNullable<Finding['kind']['case']>;

/** Where findings of each kind lie. */
export const measurementOf: Readonly<Record<Kind, MeasurementName>> = {
  beat: 'beat',
  rhythm: 'rhythm',
  quality: 'quality',
  derived: 'derived',
  score: 'score',
  risk: 'risk',
  condition: 'condition',
  unmapped: 'notice',
  reset: 'notice',
  verdict: 'notice',
};
export const findingMeasurements: readonly MeasurementName[] = [...new Set(Object.values(measurementOf))];

interface Column {
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, number | string | boolean | undefined>>;
  /** Keeps apart what may be said twice of one moment and series; 0 to 999. */
  readonly nanoseconds?: number;
}

/** A number from 0 to 999 that a word always has. */
const numberOf = (word: string): number => {
  let sum = 0;
  for (let i = 0; i < word.length; i++) sum = (sum * 31 + word.charCodeAt(i)) % 1000;
  return sum;
};

const columnsOf = (kind: Finding['kind']): Column => {
  switch (kind.case) {
    case 'beat': {
      const { class: of, probability, rrMs, amplitudeMv } = kind.value;
      return {
        tags: { class: peakSymbol(of) },
        fields: {
          rr_ms: rrMs > 0 ? rrMs : undefined,
          amplitude_mv: amplitudeMv,
          probability: probability > 0 ? probability : undefined,
        },
        nanoseconds: of,
      };
    }
    case 'rhythm': {
      const { rhythm } = kind.value;
      return { tags: {}, fields: { rhythm: rhythmGravity[rhythm]?.word ?? 'unknown' }, nanoseconds: rhythm };
    }
    case 'quality': {
      const { code, index, flat, saturated, leadOff } = kind.value;
      return { tags: { code: String(code) }, fields: { index, usable: !flat && !saturated && !leadOff } };
    }
    case 'derived':
      return { tags: { code: String(kind.value.code) }, fields: {} };
    case 'score': {
      const { name, value, missing } = kind.value;
      return { tags: { name }, fields: { value, missing: missing.length } };
    }
    case 'risk': {
      const { name, probability, interval, alarm, horizonHours, missing } = kind.value;
      const { low, high } = interval ?? {};
      return {
        tags: { name },
        fields: { probability, low, high, alarm, horizon_h: horizonHours, missing: missing.length },
      };
    }
    case 'condition': {
      const { condition, present, evidence } = kind.value;
      return { tags: { condition }, fields: { present, evidence }, nanoseconds: present ? 1 : 0 };
    }
    case 'unmapped':
      return { tags: { kind: 'unmapped' }, fields: {}, nanoseconds: kind.value.code % 1000 };
    case 'reset': {
      const { what, why } = kind.value;
      return { tags: { kind: 'reset' }, fields: { what, why }, nanoseconds: numberOf(what) };
    }
    case 'verdict':
      return {
        tags: { kind: 'verdict' },
        fields: {},
        nanoseconds: numberOf(`${kind.value.own ? 'own ' : ''}${kind.value.text}`),
      };
    case undefined:
      throw refused('a finding of no kind');
  }
};

/** The line of a finding. @throws a SeriesError for one without a moment or a kind. */
export const findingLine = ({ bed, finding }: StoredFinding): string => {
  const { atUs, kind } = finding;
  if (!Number.isFinite(atUs)) throw refused(`a finding of bed "${bed}" has no moment`);
  const { tags, fields, nanoseconds } = columnsOf(kind);
  const measurement = measurementOf[kind.case!];
  const message = Buffer.from(toBinary(FindingSchema, finding)).toString('base64');
  const numbers = Object.fromEntries(
    Object.entries(fields).filter(([, value]) => typeof value !== 'number' || Number.isFinite(value)),
  );
  const key = seriesKey(measurement, { unit: unitOfBed(bed), bed, ...tags });
  return `${key} ${fieldsOf(measurement, { ...numbers, message })} ${timestamp(Math.round(atUs), nanoseconds)}`;
};

/** The findings of an answer to `SELECT message`, in the order of their moments; of one kind if asked for. */
export const findingsFrom = (rows: readonly Rows[], bed: string, kind: Kind | undefined): StoredFinding[] =>
  rows
    .flatMap(({ values }) =>
      values.map(([, message]) => ({
        bed,
        finding: fromBinary(FindingSchema, Buffer.from(String(message), 'base64')),
      })),
    )
    .filter(({ finding }) => kind === undefined || finding.kind.case === kind)
    .sort((a, b) => a.finding.atUs - b.finding.atUs || a.finding.saidUs - b.finding.saidUs);

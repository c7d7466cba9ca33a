import { inUsualUnit, labelOf, signalOf } from '../../schemas/codes.ts';
import type { LaboratoryNow } from '../../schemas/generated/vigil/v1/findings_pb.ts';
import type { Numeric, Telemetry } from '../../schemas/generated/vigil/v1/telemetry_pb.ts';
import { isLaboratory } from '../../schemas/laboratory.ts';
import type { LiveNumeric } from '../../schemas/live.ts';
import { LABORATORY_STALE_AFTER } from '../../stream-models/vocabulary/stale-after.ts';
import { missingWord } from './missing-word.ts';

/**
 * Laboratory values of a bed: those that were heard from the laboratory, and those that analysis repeats beside the risk, which a
 * console has after a restart of the screens. What analysis says last replaces what it said before: it knows who lies there.
 */
export interface BedLaboratory {
  readonly heard: readonly LiveNumeric[];
  readonly repeated: readonly LiveNumeric[];
  /** Since when the patient lies there, as far as was told: a specimen from before may be of who lay there before. */
  readonly since: number;
}

export const noLaboratory: BedLaboratory = { heard: [], repeated: [], since: 0 };

/** A laboratory that tells of everything must not fill a screen: the first so many analytes of a bed. */
const ANALYTES_MAX = 64;

const newest = (values: readonly LiveNumeric[], one: LiveNumeric): readonly LiveNumeric[] => {
  const place = values.findIndex(({ code }) => code === one.code);
  if (place === -1) return values.length < ANALYTES_MAX ? [...values, one] : values;
  return values[place]!.atUs > one.atUs ? values : values.with(place, one);
};

const shown = (code: number, atUs: number) => ({
  ...{ code, label: labelOf(code), atUs, staleAfterUs: LABORATORY_STALE_AFTER, by: 'laboratory' as const },
});

const liveOf = ({ code, unit, reading }: Numeric, atUs: number): LiveNumeric => {
  if (reading.case !== 'value')
    return { ...shown(code, atUs), unit, value: null, missing: missingWord(reading.case && reading.value) };
  const usual = inUsualUnit(code, reading.value, unit);
  const inOurs = usual === undefined ? { value: reading.value, unit } : { value: usual, unit: signalOf(code)!.ucum };
  return { ...shown(code, atUs), ...inOurs };
};

/** Who lies there since then is another, or has a name at last: specimens from before may be of who lay there before. */
export const laboratorySince = (
  { heard, repeated }: BedLaboratory,
  since: number,
  wasUnnamed: boolean,
): BedLaboratory => {
  const own = ({ atUs }: LiveNumeric): boolean => wasUnnamed && atUs >= since;
  return { heard: heard.filter(own), repeated: repeated.filter(own), since };
};

/** What a frame says; the same object when it says nothing of a laboratory. */
export const laboratoryAfter = (
  before: BedLaboratory,
  { numerics }: Telemetry,
  bedTime: (deviceUs: number) => number,
): BedLaboratory => {
  let { heard } = before;
  for (const numeric of numerics) {
    if (!isLaboratory(numeric.code)) continue;
    const atUs = bedTime(numeric.atUs);
    if (atUs >= before.since) heard = newest(heard, liveOf(numeric, atUs));
  }
  return heard === before.heard ? before : { ...before, heard };
};

/** What analysis repeats beside the risk: it replaces what was repeated before, not what was heard. */
export const laboratoryRepeated = (before: BedLaboratory, said: readonly LaboratoryNow[]): BedLaboratory => {
  if (said.length === 0 && before.repeated.length === 0) return before;
  const repeated = said.map(({ code, value, atUs }) => ({
    ...{ ...shown(code, atUs), value, unit: signalOf(code)?.ucum ?? '' },
  }));
  return { ...before, repeated };
};

/** The newest of each; of one specimen what the laboratory itself said last, which may correct what is repeated. */
export const newestOf = ({ heard, repeated }: BedLaboratory): readonly LiveNumeric[] => heard.reduce(newest, repeated);

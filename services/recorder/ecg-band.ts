import { isEcgLead, MDC, PRIVATE, usualGain } from '../../schemas/codes.ts';
import { NO_SAMPLE } from '../../schemas/no-sample.ts';
import { type Moment, moment, seconds } from '../../schemas/units.ts';
import type { NumericPoint, WaveBlock } from '../ports/series-store.ts';

/**
 * How far an ECG went in every ten seconds, as two series: a day of a bed is looked over by them, since its samples would take minutes to
 * read. Of lead II, else of the lead of the lowest code; of each device by itself.
 */
export interface EcgBand {
  /** Of the newest sample; whole ten seconds since 1970. */
  readonly newest: number;
  /** The last ones, oldest first: what comes again, because a store was away, makes none of them narrower. */
  readonly tens: readonly Ten[];
}

interface Ten {
  readonly number: number;
  readonly least: number;
  readonly most: number;
}

export const noBand: EcgBand = { newest: Number.NaN, tens: [] };

export const BAND_WIDTH = seconds(10);
const TENS_MAX = 12;

/** The lead that is looked over; undefined: there is no ECG among them. */
const leadOf = (blocks: readonly WaveBlock[]): WaveBlock | undefined =>
  blocks
    .filter(({ code, samples }) => isEcgLead(code) && samples.length > 0)
    .reduce<WaveBlock | undefined>((lead, block) => {
      if (lead === undefined || block.code === MDC.ecgII) return block;
      return lead.code !== MDC.ecgII && block.code < lead.code ? block : lead;
    }, undefined);

const pointsAt = (
  { bed, device, source }: WaveBlock,
  at: Moment,
  { least, most }: Omit<Ten, 'number'>,
): NumericPoint[] => {
  const point = { bed, device, source, unit: 'mV', at };
  return [
    { ...point, code: PRIVATE.ecgLeast, value: least },
    { ...point, code: PRIVATE.ecgMost, value: most },
  ];
};

/** How far the samples of a block go in each ten seconds that they lie in, in mV; what has no sample is left out. */
const tensOf = (block: WaveBlock): readonly Ten[] => {
  const { samples, start, rateNumerator, rateDenominator, offset } = block;
  const gain = usualGain(block);
  const tens: Ten[] = [];
  let [number, least, most] = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const close = (): void => {
    if (least <= most) tens.push({ number, least, most });
    [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  };
  for (let i = 0; i < samples.length; i++) {
    if (samples[i] === NO_SAMPLE) continue;
    const of = Math.floor((start + (i * rateDenominator * 1e6) / rateNumerator) / BAND_WIDTH);
    if (of !== number) close();
    number = of;
    const value = (samples[i]! - offset) * gain;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  close();
  return tens;
};

const withTen = (tens: readonly Ten[], ten: Ten): readonly Ten[] => {
  const known = tens.findIndex(({ number }) => number === ten.number);
  if (known === -1) return [...tens, ten].sort((a, b) => a.number - b.number).slice(-TENS_MAX);
  const { number, least, most } = tens[known]!;
  return tens.with(known, { number, least: Math.min(least, ten.least), most: Math.max(most, ten.most) });
};

/** What the waves of a frame add: the ten seconds that it leaves behind. */
export const bandHears = (
  before: EcgBand,
  blocks: readonly WaveBlock[],
): readonly [EcgBand, readonly NumericPoint[]] => {
  const lead = leadOf(blocks);
  let { newest, tens } = before;
  const points: NumericPoint[] = [];
  for (const ten of lead === undefined ? [] : tensOf(lead)) {
    const left = tens.find(({ number }) => number === newest);
    if (ten.number !== newest && left !== undefined) points.push(...pointsAt(lead!, moment(newest * BAND_WIDTH), left));
    newest = ten.number;
    tens = withTen(tens, ten);
  }
  return [{ newest, tens }, points];
};

/** Of a frame that came late the ten seconds may be told already: it has points of its own, beside theirs. */
export const bandOfLate = (blocks: readonly WaveBlock[]): readonly NumericPoint[] => {
  const lead = leadOf(blocks);
  if (lead === undefined) return [];
  return tensOf(lead).flatMap((ten, i) => pointsAt(lead, moment(Math.round(lead.start) + 1 + i), ten));
};

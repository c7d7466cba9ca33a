/** The waves that were kept around the VT: lead II and the pleth, 20 s, with a hole of a second in the lead. */
import { MDC } from '../../../schemas/codes.ts';
import type { WaveBlock } from '../../../services/ports/series-store.ts';
import { AGO, at, BED, MONITOR, SECOND } from './story.ts';

export const STRIP_RATE_HZ = 250;
export const R_WAVE_MV = 1.5;
const BASELINE_MV = -0.25;
const GAIN_MV = 0.005;
const HOLE_S = 15;

const second = (i: number) => ({ bed: BED, ...MONITOR, start: at(AGO.vt + (10 - i) * SECOND), offset: 0 });

const leadII = (i: number): WaveBlock => ({
  ...{ ...second(i), code: MDC.ecgII, unit: 'mV', gain: GAIN_MV },
  ...{ rateNumerator: STRIP_RATE_HZ, rateDenominator: 1 },
  samples: Int16Array.from({ length: STRIP_RATE_HZ }, (_, k) => (k === 0 ? R_WAVE_MV : BASELINE_MV) / GAIN_MV),
});

const pleth = (i: number): WaveBlock => ({
  ...{ ...second(i), code: MDC.pleth, unit: '1', gain: 0.001, rateNumerator: 125, rateDenominator: 1 },
  samples: new Int16Array(125).fill(500),
});

export const stripsOfTheDay = (): readonly WaveBlock[] =>
  Array.from({ length: 20 }, (_, i) => (i === HOLE_S ? [pleth(i)] : [leadII(i), pleth(i)])).flat();

import { labelOf } from '../../../schemas/codes.ts';
import type { WfdbRecord } from '../../recordings/wfdb/record.ts';
import { type HeardLead, leadsOf } from '../../train/hear-record.ts';
import type { BeatError, JudgedRecord } from './judge-beats.ts';

/** Seconds of signal in a strip. */
export const STRIP_S = 8;
const WIDTH = 1_000;
const PX_PER_SECOND = WIDTH / STRIP_S;
const LEAD_HEIGHT = 90;
const PX_PER_MV = 25;
const TOP = 34;
const LEADS = 2;

const middleOf = (samplesMv: Float32Array): number => {
  const sorted = samplesMv.filter(Number.isFinite).sort();
  return sorted[sorted.length >> 1] ?? 0;
};

/** One lead from a moment on, in seconds, around the height `base`. A hole stays one: the pen is lifted over it. */
const leadTrace = ({ samplesMv, code }: HeardLead, beginS: number, rateHz: number, base: number): string => {
  const from = Math.round(beginS * rateHz);
  const samples = samplesMv.subarray(from, Math.round((beginS + STRIP_S) * rateHz));
  const middle = middleOf(samples);
  let path = '';
  let isDown = false;
  for (const [i, value] of samples.entries()) {
    if (Number.isFinite(value)) {
      const x = ((from + i) / rateHz - beginS) * PX_PER_SECOND;
      path += `${isDown ? 'L' : 'M'}${x.toFixed(1)},${(base - PX_PER_MV * (value - middle)).toFixed(1)}`;
    }
    isDown = Number.isFinite(value);
  }
  return `<path class="lead" d="${path}" fill="none" stroke="#111" stroke-width="1" stroke-linecap="round"/><text x="2" y="${base - PX_PER_MV - 4}" font-size="12">${labelOf(code)}</text>`;
};

/** How long a second and how high a millivolt is, in the corner at the top. */
const scaleMark = (): string => {
  const [x, y] = [WIDTH - PX_PER_SECOND - 4, 4];
  return `<path data-second-px="${PX_PER_SECOND}" data-mv-px="${PX_PER_MV}" d="M${x},${y}v${PX_PER_MV}h${PX_PER_SECOND}" fill="none" stroke="#567"/><text x="${x + 4}" y="${y + PX_PER_MV - 4}" font-size="11">1 mV, 1 s</text>`;
};

/** Eight seconds around an error as SVG: what the reference has, the first two leads with their scale, what was said. */
export const beatStrip = (
  record: WfdbRecord,
  judged: JudgedRecord,
  { atSeconds, reference, said }: BeatError,
): string => {
  const { rateHz } = record.header;
  const begin = Math.max(0, atSeconds - STRIP_S / 2);
  const x = (seconds: number): number => (seconds - begin) * PX_PER_SECOND;
  const leads = leadsOf(record)
    .slice(0, LEADS)
    .map((lead, i) => leadTrace(lead, begin, rateHz, TOP + LEAD_HEIGHT * (i + 0.6)));
  const within = ({ atSeconds: at }: { readonly atSeconds: number }): boolean => at >= begin && at < begin + STRIP_S;
  const isWrong = (at: number): boolean => judged.errors.some((error) => Math.abs(error.atSeconds - at) < 0.16);
  const letters = (beats: JudgedRecord['said'], y: number): string[] =>
    beats
      .filter(within)
      .map(
        ({ atSeconds: at, class: name }) =>
          `<text x="${x(at).toFixed(1)}" y="${y}" font-size="14" text-anchor="middle" fill="${isWrong(at) ? '#b00' : '#567'}">${name}</text>`,
      );
  const height = TOP + LEAD_HEIGHT * leads.length + 24;
  return [
    `<svg viewBox="0 0 ${WIDTH} ${height}" role="img"><text x="2" y="12" font-size="12">${atSeconds.toFixed(1)} s: reference ${reference}, said ${said}</text>`,
    scaleMark(),
    ...letters(judged.reference, TOP - 6),
    ...leads,
    ...letters(judged.said, height - 6),
    '</svg>',
  ].join('');
};

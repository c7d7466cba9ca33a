import type { WfdbRecord } from '../../recordings/wfdb/record.ts';
import { leadsOf } from '../../train/hear-record.ts';
import type { BeatError, JudgedRecord } from './judge-beats.ts';

/** Seconds of signal in a strip. */
export const STRIP_S = 8;
const WIDTH = 1_000;
const LEAD_HEIGHT = 90;
const PX_PER_MV = 25;
const TOP = 34;
const LEADS = 2;

/** Eight seconds around an error as SVG: what the reference has, the first two leads, what was said. */
export const beatStrip = (
  record: WfdbRecord,
  judged: JudgedRecord,
  { atSeconds, reference, said }: BeatError,
): string => {
  const { rateHz } = record.header;
  const begin = Math.max(0, atSeconds - STRIP_S / 2);
  const x = (seconds: number): number => ((seconds - begin) / STRIP_S) * WIDTH;
  const leads = leadsOf(record)
    .slice(0, LEADS)
    .map(({ samplesMv }, lead) => {
      const samples = samplesMv.subarray(Math.round(begin * rateHz), Math.round((begin + STRIP_S) * rateHz));
      const sorted = samples.slice().sort();
      const middle = sorted[sorted.length >> 1] ?? 0;
      const base = TOP + LEAD_HEIGHT * (lead + 0.6);
      const points = Array.from(samples, (value, i) =>
        Number.isFinite(value)
          ? `${x(begin + i / rateHz).toFixed(1)},${(base - PX_PER_MV * (value - middle)).toFixed(1)}`
          : '',
      );
      return `<polyline points="${points.join(' ')}" fill="none" stroke="#111" stroke-width="1"/>`;
    });
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
    ...letters(judged.reference, TOP - 6),
    ...leads,
    ...letters(judged.said, height - 6),
    '</svg>',
  ].join('');
};

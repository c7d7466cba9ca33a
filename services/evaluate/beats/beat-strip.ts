import { ecgOf } from '../../recordings/leads.ts';
import type { WfdbRecord } from '../../recordings/wfdb/record.ts';
import { type StripWord, svgStrip } from '../strip.ts';
import type { BeatError, JudgedRecord } from './judge-beats.ts';

/** Seconds of signal in a strip. */
export const STRIP_S = 8;
const LEADS = 2;
/** Nearer than this, a beat is the one that an error speaks of. */
const SAME_BEAT_S = 0.16;

/** Eight seconds around an error as SVG: what the reference has, the first two leads, what was said. */
export const beatStrip = (
  record: WfdbRecord,
  judged: JudgedRecord,
  { atSeconds, reference, said }: BeatError,
): string => {
  const isWrong = (at: number): boolean => judged.errors.some((error) => Math.abs(error.atSeconds - at) < SAME_BEAT_S);
  const letters = (beats: JudgedRecord['said']): readonly StripWord[] =>
    beats.map(({ atSeconds: at, class: name }) => ({ atSeconds: at, text: name, isWrong: isWrong(at) }));
  return svgStrip({
    title: `${judged.record}, ${atSeconds.toFixed(1)} s: reference ${reference}, said ${said}`,
    fromSeconds: Math.max(0, atSeconds - STRIP_S / 2),
    lengthSeconds: STRIP_S,
    signals: [...ecgOf(record)].slice(0, LEADS).map(([signal, { samplesMv }]) => ({
      name: record.header.signals[signal]!.description,
      unit: 'mV',
      rateHz: record.header.rateHz,
      samples: samplesMv,
    })),
    above: letters(judged.reference),
    below: letters(judged.said),
  });
};

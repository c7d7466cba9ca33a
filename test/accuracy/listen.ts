/** Plays one WFDB record's ECG leads through the ECG part of analysis, for the measuring scripts of this folder. */
import * as E from 'fp-ts/lib/Either.js';
import { type Moment, moment } from '../../schemas/units.ts';
import type { BeatClassName } from '../../schemas/words.ts';
import { readRecord, readRecordAnnotations, type WfdbRecord } from '../../services/recordings/wfdb/record.ts';
import { NO_SAMPLE } from '../../services/recordings/wfdb/signals.ts';
import { hearEcg, startEcg } from '../../stream-models/ecg/hear-ecg.ts';
import type { EcgChunk, EcgSighting } from '../../stream-models/ecg/sighting.ts';
import type { Sighting } from '../../stream-models/vocabulary/sighting.ts';

/** Bed time of a record's first sample. */
export const RECORD_START_US = 1_700_000_000_000_000;
const SECONDS_PER_FRAME = 1;
const NO_ECG = /ABP|PLETH|RESP|ART|CVP|PAP|BP/i;
const NOTHING_OFF: ReadonlySet<number> = new Set();

/** A span of a record with one rhythm, in seconds; from annotations '+' with aux, and '[' … ']' (as VFL of mitdb). */
export interface RhythmSpan {
  readonly from: number;
  readonly to: number;
  readonly rhythm: string;
}

export interface Reference {
  readonly spans: readonly RhythmSpan[];
  readonly beats: readonly { readonly at: number; readonly symbol: string }[];
}

const BEATS = new Set([...'NLRejAaJSVEF/fQB']);

export const open = async (directory: string, name: string): Promise<WfdbRecord> => {
  const record = await readRecord(directory, name);
  if (E.isLeft(record)) throw new Error(`${name}: ${record.left.sentence}`);
  return record.right;
};

export const reference = async (directory: string, record: WfdbRecord): Promise<Reference> => {
  const annotations = await readRecordAnnotations(directory, record.name, 'atr');
  if (E.isLeft(annotations)) return { spans: [], beats: [] };
  const { rateHz } = record.header;
  const changes = annotations.right
    .filter(({ symbol, aux }) => symbol === '+' && aux.startsWith('('))
    .map(({ sample, aux }) => ({ from: sample / rateHz, rhythm: aux.slice(1) }));
  const end = (record.signals[0]?.length ?? 0) / rateHz;
  const spans = changes.map((change, i) => ({ ...change, to: changes[i + 1]?.from ?? end }));
  const beats = annotations.right
    .filter(({ symbol }) => BEATS.has(symbol))
    .map(({ sample, symbol }) => ({ at: sample / rateHz, symbol }));
  return { spans, beats };
};

/** All sightings of a record's first two ECG leads. */
export const listen = (record: WfdbRecord): readonly EcgSighting[] => {
  const { rateHz, signals: lines } = record.header;
  const leads = lines
    .flatMap((line, i) => (/mV/i.test(line.unit) && !NO_ECG.test(line.description) ? [i] : []))
    .slice(0, 2);
  const samples = record.signals[0]?.length ?? 0;
  const frame = Math.round(rateHz * SECONDS_PER_FRAME);
  const sightings: EcgSighting[] = [];
  let memory = startEcg;
  for (let at = 0; at < samples; at += frame) {
    const chunks = leads.map((i, n): EcgChunk => {
      const { gain, baseline } = lines[i]!;
      const raw = record.signals[i]!.subarray(at, Math.min(samples, at + frame));
      const samplesMv = Float32Array.from(raw, (x) => (x === NO_SAMPLE ? Number.NaN : (x - baseline) / gain));
      const start = moment(Math.round(RECORD_START_US + (at * 1e6) / rateHz));
      return { code: 131329 + n, start, rateNumerator: Math.round(rateHz * 1000), rateDenominator: 1000, samplesMv };
    });
    const [next, said] = hearEcg(memory, chunks, NOTHING_OFF);
    memory = next;
    for (const sighting of said) sightings.push(sighting);
  }
  return sightings;
};

const classOf: Readonly<Record<string, BeatClassName>> = {
  ...Object.fromEntries([...'NLRej'].map((symbol) => [symbol, 'N' as const])),
  ...Object.fromEntries([...'AaJS'].map((symbol) => [symbol, 'S' as const])),
  ...{ V: 'V', E: 'V', F: 'F', '/': 'Q', f: 'Q', Q: 'Q' },
};

/** Sightings as analysis would draw conclusions from: beats with the reference's class, and a tick each second. */
export const sightingsOf = (record: WfdbRecord, known: Reference): readonly Sighting[] => {
  const sightings: Sighting[] = [];
  let second = RECORD_START_US / 1e6;
  for (const seen of listen(record)) {
    if (seen.tag === 'BeatSeen') {
      const at = (seen.at - RECORD_START_US) / 1e6;
      const symbol = known.beats.find((beat) => Math.abs(beat.at - at) < 0.15)?.symbol;
      const { said, amplitudeMv } = seen;
      const name = symbol === undefined ? undefined : classOf[symbol];
      sightings.push({ tag: 'ClassifiedBeat', at: seen.at, said, class: name, probability: 1, amplitudeMv });
      continue;
    }
    sightings.push(seen);
    if (seen.tag === 'EcgProgress')
      for (; (second + 1) * 1e6 <= seen.at; second++)
        sightings.push({ tag: 'SecondPassed', at: moment((second + 1) * 1e6), said: seen.said });
  }
  return sightings;
};

/** Seconds from the first sample. */
export const inRecord = (at: Moment): number => (at - RECORD_START_US) / 1e6;

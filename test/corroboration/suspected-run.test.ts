import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { alarmModels } from '../../stream-models/corroboration/alarm-models.ts';
import { type Evidence, evidenceAt } from '../../stream-models/corroboration/features.ts';
import { judgeAlarm } from '../../stream-models/corroboration/judge.ts';
import { leadViews } from '../../stream-models/corroboration/lead-view.ts';
import { suspectedRun } from '../../stream-models/corroboration/suspected-run.ts';
import { vtModelByWords } from '../../stream-models/corroboration/vt-model-by-words.ts';
import { hearWitnesses, startWitnesses, type WitnessMemory } from '../../stream-models/corroboration/witness.ts';
import {
  type BeatForm,
  beatsAt,
  beatsOf,
  frameOf,
  LEAD_II,
  LEAD_V1,
  leadOf,
  noiseAt,
  START,
  seenIn,
  steady,
} from '../ecg/synthetic-ecg.ts';
import { chunksOf, pressureAt, pulseOf } from '../pulse/synthetic-pulse.ts';

const SECONDS = 40;
const ALARM: Moment = moment(START + SECONDS * 1e6);
const RUN_FROM = 34;

type Wave = (seconds: number) => number;

/** Everything that is heard by the time of the alarm. From when on one network says V of every voted beat, and the other VT of every second. */
const heard = (
  { ii, v1, pulses }: { ii: Wave; v1: Wave; pulses: readonly number[] },
  ventricularFrom = Number.POSITIVE_INFINITY,
  redFrom = Number.POSITIVE_INFINITY,
): WitnessMemory => {
  const leads = [
    leadOf(LEAD_II, 250, (s) => ii(s) + 0.01 * noiseAt(s)),
    leadOf(LEAD_V1, 250, (s) => v1(s) + 0.01 * noiseAt(s, 2)),
  ];
  const ecg = frameOf(leads, 0, SECONDS);
  const beats = beatsOf(seenIn([ecg])).map(({ at }) => ({
    at,
    ventricular: at >= START + ventricularFrom * 1e6 ? 0.95 : 0.02,
  }));
  const seconds = Array.from({ length: SECONDS }, (_, second) => ({
    at: moment(START + (second + 1) * 1e6),
    ...{ red: second + 1 > redFrom ? 0.9 : 0.02, noise: 0.02 },
  }));
  const pressure = chunksOf([pulseOf(125, pressureAt(pulses), MDC.abpWave)], 0, SECONDS);
  return hearWitnesses(startWitnesses, { ecg, pulses: pressure, off: new Set(), beats, seconds, at: ALARM });
};

const WIDE: Partial<BeatForm> = { rMv: 1.6, rWidth: 0.045, tMv: -0.3, pMv: 0 };
const peaks = (end: number): readonly number[] => steady(75, 0.4, end);
const behind = (beats: readonly number[]): readonly number[] => beats.map((at) => at + 0.25);
const usual = beatsAt(peaks(SECONDS));
const beforeRun = beatsAt(peaks(RUN_FROM - 0.3));
const wide = beatsAt(steady(160, RUN_FROM, RUN_FROM + 3.4), WIDE);
/** Nine wide beats, during which no blood moves. */
const run: Wave = (s) => beforeRun(s) + wide(s);
const tachycardia = heard(
  { ii: run, v1: (s) => -0.8 * run(s), pulses: behind(peaks(RUN_FROM - 0.3)) },
  RUN_FROM - 0.1,
  RUN_FROM,
);
/** An electrode that is rubbed: swings of no common shape. */
const rubbed: Wave = (s) =>
  usual(s) +
  (s < RUN_FROM
    ? 0
    : 1.5 * Math.sin(2 * Math.PI * (2.3 * s + Math.sin(1.7 * s))) * noiseAt(Math.floor(4 * s) / 500, 7));
const even = behind(peaks(SECONDS));
const movement = heard({ ii: usual, v1: rubbed, pulses: even }, RUN_FROM - 0.1);

const said = (memory: WitnessMemory): Evidence => evidenceAt(memory, ALARM);
const runIn = (memory: WitnessMemory) => {
  const votes = memory.beats.map((beat) => ({ at: (beat.at - ALARM) / 1e6, ventricular: beat.ventricular ?? 0 }));
  return suspectedRun(leadViews(memory, ALARM), votes);
};

describe('the run that speaks most for a ventricular tachycardia', () => {
  it('is the wide, fast row of five, seen by both leads, not the usual beats before it', () => {
    const found = runIn(tachycardia)!;
    expect(found.isFast).toBe(true);
    expect(found.beats[0]!.at).toBeGreaterThan(RUN_FROM - SECONDS - 0.1);
    for (const { seen } of found.beats) expect(seen.every((one) => one !== undefined)).toBe(true);
  });

  it('is a slow one where no row is fast, and none where there are no five beats', () => {
    expect(runIn(heard({ ii: usual, v1: usual, pulses: even }))?.isFast).toBe(false);
    expect(suspectedRun([], [])).toBeUndefined();
  });

  it('is wide, strange and alike in every lead, where movement is strange in one and its peaks are unlike', () => {
    const [heart, hand] = [said(tachycardia), said(movement)];
    expect(heart['run.wide.least']).toBeGreaterThan(0.5);
    expect(heart['run.strange.least']).toBeGreaterThan(0.5);
    expect(heart['run.unlike.most']).toBeLessThan(0.1);
    expect(heart['run.together']).toBeGreaterThan(0.9);
    expect(hand['run.strange.least']).toBeLessThan(0.2);
    expect(hand['run.wide.least']).toBeLessThan(0.2);
    expect(hand['run.unlike.most']).toBeGreaterThan(0.3);
    expect(hand['run.together']).toBeLessThan(0.9);
  });

  it('lies in a wave that is louder than before it in every lead, where movement is loud in one', () => {
    const [heart, hand] = [said(tachycardia), said(movement)];
    expect(heart['run.louder.least']).toBeGreaterThan(0.5);
    expect(hand['run.louder.least']).toBeLessThan(0.3);
    expect(hand['run.louder.most']).toBeGreaterThan(0.5);
    expect(hand['run.between.most']).toBeGreaterThan(hand['run.between.least']! + 1);
  });

  it('lets a tachycardia in both leads be confirmed, and movement in one be refuted where the network sees nothing ventricular', () => {
    const heart = judgeAlarm(tachycardia, 'vt', ALARM);
    expect(heart.verdict).toBe('confirmed');
    expect(judgeAlarm(heard({ ii: usual, v1: rubbed, pulses: even }), 'vt', ALARM).verdict).toBe('refuted');
    // Though the network of beats calls every peak ventricular: less probable than in both leads.
    expect(judgeAlarm(movement, 'vt', ALARM).probability).toBeLessThan(heart.probability);
  });

  it('is judged by evidence that there is: no model names a term that nothing says', () => {
    const terms = Object.keys(said(tachycardia));
    for (const { terms: named } of [...Object.values(alarmModels), vtModelByWords])
      expect(terms).toEqual(expect.arrayContaining([...named]));
  });

  it('never says what is no number, whatever leads and beats there are', () => {
    const hearable = fc.record({
      beats: fc.array(fc.double({ min: 20, max: SECONDS, noNaN: true }), { maxLength: 60 }),
      holes: fc.array(fc.integer({ min: 0, max: SECONDS - 1 }), { maxLength: 10 }),
      gain: fc.double({ min: 0, max: 1e4, noNaN: true }),
      leads: fc.integer({ min: 0, max: 3 }),
    });
    const samples = Float32Array.from({ length: 250 * SECONDS }, (_, i) => run(i / 250));
    const sampleAt: Wave = (s) => samples[Math.round(250 * s)]!;
    fc.assert(
      fc.property(hearable, ({ beats, holes, gain, leads }) => {
        const ecg = frameOf(
          [LEAD_II, LEAD_V1, LEAD_V1 + 1]
            .slice(0, leads)
            .map((code) => leadOf(code, 250, (s) => (holes.includes(Math.floor(s)) ? Number.NaN : gain * sampleAt(s)))),
          0,
          SECONDS,
        );
        const votes = [...beats].sort((a, b) => a - b).map((at) => ({ at: moment(START + at * 1e6), ventricular: 1 }));
        const memory = hearWitnesses(startWitnesses, {
          ecg,
          pulses: [],
          off: new Set(),
          beats: votes,
          seconds: [],
          at: ALARM,
        });
        for (const [name, value] of Object.entries(evidenceAt(memory, ALARM)))
          if (name.startsWith('run.')) expect([name, Number.isFinite(value)]).toEqual([name, true]);
      }),
      { numRuns: 15 },
    );
  });
});

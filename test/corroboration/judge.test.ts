import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { type Moment, moment } from '../../schemas/units.ts';
import { ALARM_KINDS } from '../../stream-models/corroboration/claim.ts';
import { judgeAlarm } from '../../stream-models/corroboration/judge.ts';
import { noVotes } from '../../stream-models/corroboration/network-votes.ts';
import { hearWitnesses, startWitnesses, type WitnessMemory } from '../../stream-models/corroboration/witness.ts';
import { hearEcg, startEcg } from '../../stream-models/ecg/hear-ecg.ts';
import { beatsAt, beatsOf, frameOf, LEAD_II, LEAD_V1, leadOf, noiseAt, START, steady } from '../ecg/synthetic-ecg.ts';
import { chunksOf, pressureAt, pulseOf } from '../pulse/synthetic-pulse.ts';

const SECONDS = 40;
const ALARM: Moment = moment(START + SECONDS * 1e6);

interface Bed {
  /** R peaks that both leads show. */
  readonly beats: readonly number[];
  /** Ends of upstrokes in the arterial pressure; undefined: no arterial line. */
  readonly pulses: readonly number[] | undefined;
  /** Added to lead V1 alone. */
  readonly artefact?: (seconds: number) => number;
  /** How long there were waves; until the alarm if absent. */
  readonly seconds?: number;
}

/** What a bed's witnesses have heard by the time of the alarm, in frames of a length. */
const heard = ({ beats, pulses, artefact, seconds = SECONDS }: Bed, frameS = 1): WitnessMemory => {
  const ecg = beatsAt(beats);
  const leads = [
    leadOf(LEAD_II, 250, (s) => ecg(s) + 0.01 * noiseAt(s)),
    leadOf(LEAD_V1, 250, (s) => 0.7 * ecg(s) + 0.01 * noiseAt(s, 2) + (artefact?.(s) ?? 0)),
  ];
  const pressure = pulses === undefined ? [] : [pulseOf(125, pressureAt(pulses), MDC.abpWave)];
  let witnesses = startWitnesses;
  let memory = startEcg;
  for (let from = 0; from < seconds - 1e-9; from += frameS) {
    const to = Math.min(seconds, from + frameS);
    const frame = frameOf(leads, from, to);
    const [next, seen] = hearEcg(memory, frame, new Set());
    memory = next;
    witnesses = hearWitnesses(witnesses, {
      ecg: frame,
      pulses: chunksOf(pressure, from, to),
      off: new Set(),
      beats: beatsOf(seen).map(({ at }) => ({ at, ventricular: 0.02 })),
      seconds: [],
      at: moment(START + Math.round(to * 1e6)),
    });
  }
  return witnesses;
};

const usual = steady(75, 0.4, SECONDS);
const behind = (beats: readonly number[]): readonly number[] => beats.map((at) => at + 0.25);

describe("a monitor's alarm", () => {
  it('of an asystole is refuted where both leads beat and the pulse goes on', () => {
    const { verdict, probability, testimonies } = judgeAlarm(
      heard({ beats: usual, pulses: behind(usual) }),
      'asystole',
      ALARM,
    );
    expect(verdict).toBe('refuted');
    expect(probability).toBeLessThan(0.1);
    expect(testimonies.map(({ signal, says }) => `${signal} ${says}`)).toEqual([
      'II against',
      'V1 against',
      'ABP against',
    ]);
  });

  it('of an asystole is refuted by a live pulse though the ECG has gone still', () => {
    const still = usual.filter((at) => at < 30);
    expect(judgeAlarm(heard({ beats: still, pulses: behind(usual) }), 'asystole', ALARM).verdict).toBe('refuted');
  });

  it('of an asystole is never refuted where neither lead nor pulse shows a beat', () => {
    const still = usual.filter((at) => at < 34);
    const { verdict, probability } = judgeAlarm(heard({ beats: still, pulses: behind(still) }), 'asystole', ALARM);
    expect(verdict).not.toBe('refuted');
    expect(probability).toBeGreaterThan(0.3);
  });

  it('of an asystole is not confirmed by a missing pulse alone', () => {
    const { verdict, testimonies } = judgeAlarm(
      heard({ beats: usual, pulses: behind(usual).filter((at) => at < 30) }),
      'asystole',
      ALARM,
    );
    expect(verdict).not.toBe('confirmed');
    expect(testimonies.find(({ signal }) => signal === 'ABP')?.says).toBe('nothing');
  });

  it('of a bradycardia is confirmed at 35 and refuted at 75 a minute', () => {
    const slow = steady(35, 0.4, SECONDS);
    expect(judgeAlarm(heard({ beats: slow, pulses: behind(slow) }), 'extreme-brady', ALARM).verdict).toBe('confirmed');
    expect(judgeAlarm(heard({ beats: usual, pulses: behind(usual) }), 'extreme-brady', ALARM).verdict).toBe('refuted');
  });

  it('of a fibrillation is refuted where the heart beats evenly and the pulse goes on', () => {
    expect(judgeAlarm(heard({ beats: usual, pulses: behind(usual) }), 'vf', ALARM).verdict).toBe('refuted');
  });

  it('is undecided where nothing was heard at all', () => {
    const { verdict, testimonies } = judgeAlarm(startWitnesses, 'vt', ALARM);
    expect(verdict).toBe('undecided');
    expect(testimonies).toEqual([]);
  });

  it.each([
    ['no sample', () => Number.NaN, []],
    ['a rail', () => 5, []],
    ['an electrode that is off', (s: number) => 1e-3 * noiseAt(s), [LEAD_II, LEAD_V1]],
  ] as const)('of an asystole is not confirmed by leads that have nothing but %s', (_, line, off) => {
    const ecg = beatsAt(usual);
    const leads = [LEAD_II, LEAD_V1].map((code) =>
      leadOf(code, 250, (s) => (s > 30 ? line(s) : ecg(s) + 0.01 * noiseAt(s, code))),
    );
    let witnesses = startWitnesses;
    for (let from = 0; from < SECONDS; from++)
      witnesses = hearWitnesses(witnesses, {
        ...{ ecg: frameOf(leads, from, from + 1), pulses: [], off: new Set(from >= 30 ? off : []), ...noVotes },
        at: moment(START + (from + 1) * 1e6),
      });
    const { verdict, testimonies } = judgeAlarm(witnesses, 'asystole', ALARM);
    expect(verdict).toBe('undecided');
    expect(testimonies.map(({ because }) => because)).toEqual(['no signal', 'no signal']);
  });

  it('is judged by no signal that has ended: a wave that does not come is no standstill, and no even rhythm either', () => {
    for (const seconds of [10, 28, 36]) {
      const ended = heard({ beats: usual, pulses: behind(usual), seconds });
      for (const kind of ALARM_KINDS) {
        const { verdict, testimonies } = judgeAlarm(ended, kind, ALARM);
        expect(testimonies.filter(({ says }) => says === 'for')).toEqual([]);
        if (testimonies.every(({ says }) => says === 'nothing')) expect([kind, verdict]).toEqual([kind, 'undecided']);
      }
    }
  });

  it('gets the same verdict in frames of 40 ms as of a second, from a memory that went through a checkpoint', () => {
    const bed = { beats: usual, pulses: behind(usual), artefact: (s: number) => (s > 34 ? 0.8 * Math.sin(20 * s) : 0) };
    const whole = judgeAlarm(heard(bed), 'vt', ALARM);
    expect(judgeAlarm(heard(bed, 0.04), 'vt', ALARM)).toEqual(whole);
    expect(judgeAlarm(structuredClone(heard(bed)), 'vt', ALARM)).toEqual(whole);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { moment } from '../../schemas/units.ts';
import { evidenceAt } from '../../stream-models/corroboration/features.ts';
import { noVotes } from '../../stream-models/corroboration/network-votes.ts';
import {
  blocksOf,
  KEPT_LONGER_S,
  RECENT_S,
  type RecentWaves,
  rememberWaves,
  startRecentWaves,
  witnessesAt,
  witnessesOf,
} from '../../stream-models/corroboration/recent-waves.ts';
import type { WaveAsItCame } from '../../stream-models/vocabulary/wave-as-it-came.ts';
import { beatsAt, LEAD_II, START, steady } from '../ecg/synthetic-ecg.ts';
import { pressureAt } from '../pulse/synthetic-pulse.ts';

const SECONDS = 52;
const beats = steady(72, 0.3, SECONDS);
const ecg = beatsAt(beats);
const pressure = pressureAt(beats.map((at) => at + 0.25));

const wave = (code: number, rateHz: number, from: number, to: number): WaveAsItCame => {
  const [value, gain] = code === LEAD_II ? [ecg, 0.0025] : [pressure, 0.05];
  const first = Math.ceil(from * rateHz - 1e-6);
  const count = Math.ceil(to * rateHz - 1e-6) - first;
  const samples = Int16Array.from({ length: count }, (_, i) => Math.round(value((first + i) / rateHz) / gain));
  const start = moment(START + Math.round((first * 1e6) / rateHz));
  return { code, start, rateNumerator: rateHz, rateDenominator: 1, gain, offset: 0, samples };
};

/** What is remembered after frames that end at the cuts. */
const heardIn = (cuts: readonly number[]): RecentWaves => {
  let memory = startRecentWaves;
  for (const [i, to] of cuts.entries()) {
    const from = cuts[i - 1] ?? 0;
    const waves = [wave(LEAD_II, 250, from, to), wave(MDC.abpWave, 125, from, to)];
    memory = rememberWaves(memory, 'monitor', waves, moment(START + Math.round(to * 1e6)));
  }
  return memory;
};
const every = (frameS: number): readonly number[] =>
  Array.from({ length: Math.round(SECONDS / frameS) }, (_, i) => (i + 1) * frameS);
const evidenceIn = (memory: RecentWaves) => evidenceAt(witnessesOf(memory, noVotes, new Set()), memory.heardTo!);

describe('the waves that are remembered for an alarm', () => {
  it('say the same however they were cut into frames', () => {
    const whole = evidenceIn(heardIn(every(1)));
    expect(evidenceIn(heardIn(every(0.04)))).toEqual(whole);
    const cut = fc.uniqueArray(fc.integer({ min: 1, max: SECONDS * 100 - 1 }), { maxLength: 60 });
    fc.assert(
      fc.property(cut, (some) => {
        const cuts = [...some.sort((a, b) => a - b).map((at) => at / 100), SECONDS];
        expect(evidenceIn(heardIn(cuts))).toEqual(whole);
      }),
      { numRuns: 10 },
    );
  });

  it('say of a moment in them what they would have said when it was the newest', () => {
    const at = moment(START + (SECONDS - 2) * 1e6);
    const then = evidenceIn(heardIn(every(1).filter((to) => to <= SECONDS - 2)));
    for (const frameS of [0.04, 1, 4]) {
      const later = witnessesAt(heardIn(every(frameS)), at, noVotes, new Set(), undefined);
      expect(evidenceAt(later, at)).toEqual(then);
    }
  });

  it('of another patient do not count', () => {
    const at = moment(START + SECONDS * 1e6);
    const since = moment(at - 5e6);
    const { leads } = witnessesAt(heardIn(every(1)), at, noVotes, new Set(), since);
    expect(leads[0]!.stretches[0]!.at).toBeGreaterThanOrEqual(since);
  });

  it('are as many as are needed and no more, in short frames as in long ones', () => {
    for (const frameS of [0.04, 0.5, 1]) {
      const blocks = blocksOf(heardIn(every(frameS)));
      const samples = blocks
        .filter(({ code }) => code === LEAD_II)
        .reduce((sum, block) => sum + block.samples.length, 0);
      expect(samples).toBeGreaterThanOrEqual(RECENT_S * 250);
      expect(samples).toBeLessThan((RECENT_S + KEPT_LONGER_S + 3) * 250);
      expect(blocks.length).toBeLessThan(2 * (RECENT_S + KEPT_LONGER_S + 3));
    }
  });

  it('of a signal that two devices send are of the first one, until it falls silent', () => {
    const first = heardIn(every(1));
    const at = moment(START + (SECONDS + 1) * 1e6);
    const second = rememberWaves(first, 'transport', [wave(LEAD_II, 250, SECONDS, SECONDS + 1)], at);
    expect(blocksOf(second).every(({ source }) => source === 'monitor')).toBe(true);
    const later = SECONDS + RECENT_S + 5;
    const after = rememberWaves(
      second,
      'transport',
      [wave(LEAD_II, 250, later - 1, later)],
      moment(START + later * 1e6),
    );
    expect(after.open.find(({ code }) => code === LEAD_II)).toMatchObject({ source: 'transport' });
    const { leads } = witnessesOf(after, noVotes, new Set());
    expect(leads.flatMap(({ stretches }) => stretches).every(({ at }) => at > START + SECONDS * 1e6)).toBe(true);
  });
});

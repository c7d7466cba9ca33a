import { describe, expect, it } from 'vitest';
import { type ConditionName, conditionNames, conditions } from '../../schemas/conditions.ts';
import { seconds } from '../../schemas/units.ts';
import { delayOf, type Preset } from '../../stream-models/presets/preset.ts';
import { findPreset, presets } from '../../stream-models/presets/presets.ts';
import { presetMistakes } from './preset-mistakes.ts';

describe('presets', () => {
  it('are found by name, and only by a name that there is', () => {
    for (const name of ['vigil', 'philips-like', 'cinc-2015']) expect(findPreset(name)?.name).toBe(name);
    expect(findPreset('toString')).toBeUndefined();
    expect(findPreset('')).toBeUndefined();
  });

  it.each(Object.values(presets))('$name has no mistakes', (preset) => {
    expect(presetMistakes(preset)).toEqual([]);
  });

  it.each(Object.values(presets))('$name delays no red condition', (preset) => {
    for (const name of conditionNames)
      if (conditions[name].priority === 'high') expect(delayOf(preset, name), name).toBe(0);
  });

  it.each(Object.values(presets))('$name says asystole after 4 s and VT from 5 V beats at 100/min on', (preset) => {
    for (const { rhythm } of Object.values(preset.populations)) {
      expect(rhythm.asystoleAfter).toBe(seconds(4));
      expect(rhythm.vt).toEqual({ beats: 5, perMinute: 100 });
    }
  });

  it('have CinC’s extreme rates: below 40 over 5 beats, above 140 over 17', () => {
    const { rhythm } = presets['cinc-2015'].populations.adult;
    expect(rhythm.extremeBrady).toEqual({ beats: 5, perMinute: 40 });
    expect(rhythm.extremeTachy).toEqual({ beats: 17, perMinute: 140 });
  });

  it('have Philips’ extreme rates: 10 below and 20 above the limits, not below 30', () => {
    const { adult, neonate } = presets['philips-like'].populations;
    expect([adult.rhythm.extremeBrady.perMinute, adult.rhythm.extremeTachy.perMinute]).toEqual([40, 140]);
    expect([neonate.rhythm.extremeBrady.perMinute, neonate.rhythm.extremeTachy.perMinute]).toEqual([90, 220]);
  });

  it('wait with the SpO₂ limit and not with desaturation', () => {
    expect(delayOf(presets.vigil, 'spo2-low')).toBe(seconds(10));
    expect(delayOf(presets.vigil, 'spo2-desaturation')).toBe(0);
    expect(delayOf(presets.vigil, 'asystole')).toBe(0);
  });
});

describe('a preset that a site wrote', () => {
  const broken = (change: (preset: Preset) => Preset): readonly string[] => presetMistakes(change(presets.vigil));
  const adultLimits = presets.vigil.populations.adult.limits;

  it('cannot delay a red condition, whatever it holds', () => {
    const delays = { asystole: seconds(5) } as Readonly<Partial<Record<ConditionName, number>>> as Preset['delays'];
    expect(broken((preset) => ({ ...preset, delays }))).toEqual([
      'delay of asystole: a red condition is never delayed',
    ]);
  });

  it('hears all its mistakes at once', () => {
    const mistakes = broken((preset) => ({
      ...preset,
      delays: { 'spo2-low': seconds(31) },
      populations: {
        ...preset.populations,
        adult: {
          ...preset.populations.adult,
          rhythm: { ...preset.populations.adult.rhythm, asystoleAfter: seconds(20) },
          limits: { ...adultLimits, hr: { low: 120, high: 50, hysteresis: -1 } },
        },
      },
    }));
    expect(mistakes).toEqual([
      'adult hr: low 120 is not below high 50',
      'adult hr: hysteresis -1 is below 0',
      'adult: asystole after 20 s, must be 3 to 10 s',
      'delay of spo2-low is 31 s, must be 0 to 30 s',
    ]);
  });
});

import type { ConditionName } from '../../schemas/conditions.ts';
import { type Microseconds, seconds } from '../../schemas/units.ts';

/** A preset is data: the numbers by which conditions are judged. Its name stands on every finding. */
export interface Preset {
  readonly name: PresetName;
  /** What a nurse or a clinical engineer reads when choosing. */
  readonly title: string;
  /** Where the numbers come from. */
  readonly source: string;
  readonly populations: Readonly<Record<Population, PopulationSettings>>;
  /**
   * How long a limit must be passed before its signal rings. Only yellow limits have one; no red condition can be
   * delayed, because there is no key for it. Absent: 0.
   */
  readonly delays: Readonly<Partial<Record<LimitCondition, Microseconds>>>;
}

export type PresetName = 'vigil' | 'philips-like' | 'cinc-2015';
export type Population = 'adult' | 'child' | 'neonate';
export const populations: readonly Population[] = ['adult', 'child', 'neonate'];

export interface PopulationSettings {
  readonly rhythm: RhythmDefinitions;
  readonly limits: Readonly<Record<LimitName, Limit>>;
  /** SpO₂ (%) below which desaturation is red. */
  readonly desaturationBelow: number;
}

/** How rhythms are defined; monitors differ, so a preset says whose definition it has (`source`). */
export interface RhythmDefinitions {
  /** No QRS for so long. */
  readonly asystoleAfter: Microseconds;
  readonly pauseAfter: Microseconds;
  /** So many V beats in a row, at this rate or faster. */
  readonly vt: BeatsAtRate;
  /** A shorter or slower row of V beats than VT is a run from so many beats on. */
  readonly runBeats: number;
  /** The mean rate over so many beats is below this. */
  readonly extremeBrady: BeatsAtRate;
  /** The mean rate over so many beats is above this. */
  readonly extremeTachy: BeatsAtRate;
}

export interface BeatsAtRate {
  readonly beats: number;
  readonly perMinute: number;
}

export type LimitName =
  | 'hr'
  | 'pulse'
  | 'spo2'
  | 'rr'
  | 'temp'
  | 'nibp-sys'
  | 'nibp-mean'
  | 'abp-sys'
  | 'abp-mean'
  | 'cvp'
  | 'etco2';
export type LimitCondition = `${LimitName}-${'low' | 'high'}` & ConditionName;

/** A value beyond a bound is a condition; it ends when the value is back inside by the hysteresis. */
export interface Limit {
  readonly low: number | undefined;
  readonly high: number | undefined;
  readonly hysteresis: number;
}

/** The longest delay of a yellow limit, whoever sets it. */
export const DELAY_MAX: Microseconds = seconds(30);

/**
 * How long the alarm machine waits with a condition's signal: the preset's delay of a yellow limit, 0 for everything
 * else, red above all.
 */
export const delayOf = (preset: Preset, condition: ConditionName): Microseconds =>
  preset.delays[condition as LimitCondition] ?? seconds(0);

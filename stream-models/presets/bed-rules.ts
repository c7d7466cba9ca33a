/** What applies at a bed before anybody has set anything for its patient: a preset, the site's and the unit's numbers over it, and bounds. */
import {
  type LimitCondition,
  type LimitName,
  type Population,
  type PopulationSettings,
  type Preset,
  populations,
} from './preset.ts';

/** The least and the most that a patient's limit may be set to. */
export type Range = readonly [least: number, most: number];

export interface LimitBounds {
  /** Absent: that side cannot be set for a patient. */
  readonly low?: Range;
  readonly high?: Range;
  /** Whether a side may be turned off for a patient, with a reason. */
  readonly mayBeOff: boolean;
}

export type Bounds = Readonly<Record<Population, Readonly<Record<LimitName, LimitBounds>>>>;

export interface BedRules {
  /** Stands on every finding and every alarm of the bed. */
  readonly label: string;
  /** With the numbers of site and unit in it. */
  readonly preset: Preset;
  readonly bounds: Bounds;
  /** Whether the delays are a site's own: then they travel with each condition, because no preset of that name has them. */
  readonly isOfSite: boolean;
}

/** So far from the unit's own limit a patient's may lie where the site says nothing else. Ours; no standard gives them. */
const REACH: Readonly<Record<LimitName, number>> = {
  hr: 30,
  pulse: 30,
  spo2: 6,
  rr: 6,
  temp: 1.5,
  'nibp-sys': 30,
  'nibp-mean': 20,
  'abp-sys': 30,
  'abp-mean': 20,
  cvp: 5,
  etco2: 15,
};

/**
 * Where the red limit beside a yellow one lies: a yellow one beyond it would say less than red, and later. undefined: it has none on that side.
 */
export const redLine = (
  name: LimitName,
  side: 'low' | 'high',
  { rhythm, desaturationBelow }: PopulationSettings,
): number | undefined => {
  if (name === 'spo2') return side === 'low' ? desaturationBelow : undefined;
  if (name !== 'hr' && name !== 'pulse') return undefined;
  return side === 'low' ? rhythm.extremeBrady.perMinute : rhythm.extremeTachy.perMinute;
};

const withinRed = ([least, most]: Range, low: number | undefined, high: number | undefined): Range => [
  Math.max(least, low ?? least),
  Math.min(most, high ?? most),
];

const boundsOfLimit = (name: LimitName, settings: PopulationSettings): LimitBounds => {
  const { low, high } = settings.limits[name];
  const reach = REACH[name];
  const red = { low: redLine(name, 'low', settings), high: redLine(name, 'high', settings) };
  const around = (bound: number): Range => withinRed([bound - reach, bound + reach], red.low ?? 0, red.high);
  const percent = (range: Range): Range => (name === 'spo2' ? [range[0], Math.min(100, range[1])] : range);
  return {
    ...(low === undefined ? {} : { low: percent(around(low)) }),
    ...(high === undefined ? {} : { high: percent(around(high)) }),
    mayBeOff: true,
  };
};

/** The bounds that follow from a preset where the site gives none: about its own limits, and never beyond a red one. */
export const usualBounds = (preset: Preset): Bounds => {
  const ofPopulation = (population: Population): Bounds[Population] => {
    const settings = preset.populations[population];
    const names = Object.keys(settings.limits) as readonly LimitName[];
    return Object.fromEntries(names.map((name) => [name, boundsOfLimit(name, settings)])) as Bounds[Population];
  };
  return Object.fromEntries(populations.map((each) => [each, ofPopulation(each)])) as Bounds;
};

const ofPresets = new WeakMap<Preset, BedRules>();

/** The rules of a bed of a site that has none of its own. The same object for the same preset. */
export const rulesOfPreset = (preset: Preset): BedRules => {
  const known = ofPresets.get(preset);
  if (known !== undefined) return known;
  const rules = { label: preset.name, preset, bounds: usualBounds(preset), isOfSite: false };
  ofPresets.set(preset, rules);
  return rules;
};

/** Both conditions of a limit. */
export const sidesOf = (name: LimitName): readonly LimitCondition[] => [`${name}-low`, `${name}-high`];

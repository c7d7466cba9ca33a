/** A site's own numbers over a preset: of the whole site, and of each unit over those. Plain data; what it means for a bed follows here. */
import { conditions, isCondition } from '../../schemas/conditions.ts';
import { type Microseconds, seconds } from '../../schemas/units.ts';
import { type BedRules, type Bounds, type LimitBounds, type Range, sidesOf, usualBounds } from './bed-rules.ts';
import {
  type Limit,
  type LimitCondition,
  type LimitName,
  type Population,
  type PopulationSettings,
  type Preset,
  populations,
} from './preset.ts';

export interface LimitChange {
  /** null: that side has no limit. Absent: as before. */
  readonly low?: number | null | undefined;
  readonly high?: number | null | undefined;
  readonly hysteresis?: number | undefined;
}

export interface BoundsChange {
  readonly low?: Range | undefined;
  readonly high?: Range | undefined;
  readonly off?: boolean | undefined;
}

type PerPopulation<Change> = Readonly<
  Partial<Record<Population, Readonly<Partial<Record<LimitName, Change>>> | undefined>>
>;

/** What a site, or a unit of it, changes. */
export interface RuleLayer {
  readonly limits?: PerPopulation<LimitChange | undefined> | undefined;
  /** Seconds, by the name of a limit (both sides) or of its condition. */
  readonly delays?: Readonly<Record<string, number>> | undefined;
  readonly bounds?: PerPopulation<BoundsChange | undefined> | undefined;
}

export interface UnitRules extends RuleLayer {
  /** Names of beds, or their beginnings with a `*` at the end. */
  readonly beds: readonly string[];
}

export interface SiteRules {
  /** As the site calls this state of its rules; '': it does not. */
  readonly version: string;
  /** Of the file's bytes: two files of one version are told apart. */
  readonly hash: string;
  readonly site: RuleLayer;
  readonly units: Readonly<Record<string, UnitRules>>;
}

const limitAfter = (before: Limit, change: LimitChange | undefined): Limit =>
  change === undefined
    ? before
    : {
        low: change.low === undefined ? before.low : (change.low ?? undefined),
        high: change.high === undefined ? before.high : (change.high ?? undefined),
        hysteresis: change.hysteresis ?? before.hysteresis,
      };

const settingsAfter = (
  before: PopulationSettings,
  population: Population,
  { limits }: RuleLayer,
): PopulationSettings => {
  const changes = limits?.[population];
  if (changes === undefined) return before;
  const names = Object.keys(before.limits) as readonly LimitName[];
  const after = Object.fromEntries(names.map((name) => [name, limitAfter(before.limits[name], changes[name])]));
  return { ...before, limits: after as Record<LimitName, Limit> };
};

const delaysAfter = (
  before: Preset['delays'],
  { delays }: RuleLayer,
  names: readonly LimitName[],
): Preset['delays'] => {
  const after: Partial<Record<LimitCondition, Microseconds>> = { ...before };
  // What names one side counts before what names both.
  for (const name of names)
    for (const side of sidesOf(name)) {
      const asked = delays?.[side] ?? delays?.[name];
      if (asked !== undefined) after[side] = seconds(asked);
    }
  return after;
};

const presetAfter = (before: Preset, layer: RuleLayer): Preset => ({
  ...before,
  populations: Object.fromEntries(
    populations.map((each) => [each, settingsAfter(before.populations[each], each, layer)]),
  ) as Preset['populations'],
  delays: delaysAfter(before.delays, layer, Object.keys(before.populations.adult.limits) as LimitName[]),
});

const boundAfter = (before: LimitBounds, change: BoundsChange | undefined): LimitBounds =>
  change === undefined
    ? before
    : {
        ...before,
        ...(change.low === undefined ? {} : { low: change.low }),
        ...(change.high === undefined ? {} : { high: change.high }),
        mayBeOff: change.off ?? before.mayBeOff,
      };

const boundsAfter = (before: Bounds, { bounds }: RuleLayer): Bounds =>
  Object.fromEntries(
    populations.map((population) => {
      const names = Object.keys(before[population]) as readonly LimitName[];
      const changes = bounds?.[population];
      return [
        population,
        Object.fromEntries(names.map((name) => [name, boundAfter(before[population][name], changes?.[name])])),
      ];
    }),
  ) as Bounds;

const HASH_SHOWN = 8;

const labelOf = (preset: Preset, { version, hash }: SiteRules, unit: string): string =>
  `${preset.name}/${unit}@${version === '' ? '' : `${version}#`}${hash.slice(0, HASH_SHOWN)}`;

/** The layers of a unit one over the other; of the site alone where there is no unit. */
export const rulesOfUnit = (preset: Preset, rules: SiteRules, unit: string | undefined): BedRules => {
  const layers = [rules.site, ...(unit === undefined ? [] : [rules.units[unit]!])];
  const own = layers.reduce(presetAfter, preset);
  return {
    label: labelOf(preset, rules, unit ?? 'site'),
    preset: own,
    bounds: layers.reduce(boundsAfter, usualBounds(own)),
    isOfSite: true,
  };
};

export const isBedOf = (pattern: string, bed: string): boolean =>
  pattern.endsWith('*') ? bed.startsWith(pattern.slice(0, -1)) : bed === pattern;

/** The unit whose beds name this one; undefined: none. */
export const unitOf = ({ units }: SiteRules, bed: string): string | undefined =>
  Object.keys(units).find((name) => units[name]!.beds.some((pattern) => isBedOf(pattern, bed)));

/** What applies at each bed. Made once for each unit: beds of one share it. */
export const rulesByBed = (preset: Preset, rules: SiteRules): ((bed: string) => BedRules) => {
  const ofUnits = new Map(
    [undefined, ...Object.keys(rules.units)].map((unit) => [unit, rulesOfUnit(preset, rules, unit)]),
  );
  return (bed) => ofUnits.get(unitOf(rules, bed))!;
};

/** Why no delay can be set for what a rules file names; undefined: it can. */
export const delayRefused = (name: string, limits: readonly string[]): string | undefined => {
  if (limits.includes(name) || limits.some((limit) => name === `${limit}-low` || name === `${limit}-high`))
    return undefined;
  if (isCondition(name) && conditions[name].priority === 'high')
    return `${conditions[name].label} is red, and nothing red is ever delayed; take it out`;
  return `no limit is called so; there are ${limits.join(', ')}, each also with -low or -high`;
};

/** What a site's rules must not be: said of each unit as a sentence that names the place. */
import { type BedRules, type Range, redLine } from './bed-rules.ts';
import { type LimitName, type Population, type Preset, populations } from './preset.ts';
import { delayRefused, rulesOfUnit, type SiteRules } from './site-rules.ts';

type Side = 'low' | 'high';
const SIDES: readonly Side[] = ['low', 'high'];

const isBeyond = (value: number, red: number, side: Side): boolean => (side === 'low' ? value < red : value > red);

const wordsOfRed = (red: number, side: Side): string =>
  `the red limit beside it is ${red} and rings first; give ${side === 'low' ? 'at least' : 'at most'} ${red}`;

const ofLimit = ({ preset, bounds }: BedRules, population: Population, name: LimitName): readonly string[] => {
  const settings = preset.populations[population];
  const { low, high, hysteresis } = settings.limits[name];
  const mistakes: string[] = [];
  const at = `limits.${population}.${name}`;
  if (low !== undefined && high !== undefined && !(low + hysteresis <= high - hysteresis))
    mistakes.push(
      `${at} is ${low} to ${high} and ends by ${hysteresis}; low must lie below high by twice its hysteresis`,
    );
  for (const side of SIDES) {
    const limit = settings.limits[name][side];
    const red = redLine(name, side, settings);
    if (limit !== undefined && red !== undefined && isBeyond(limit, red, side)) {
      mistakes.push(`${at}.${side} is ${limit}; ${wordsOfRed(red, side)}`);
      continue; // bounds that follow from it would be wrong, too
    }
    const range: Range | undefined = bounds[population][name][side];
    if (range === undefined) continue;
    const [least, most] = range;
    const where = `bounds.${population}.${name}.${side}`;
    if (least > most) mistakes.push(`${where} is [${least}, ${most}]; the least comes first`);
    else if (limit !== undefined && (limit < least || limit > most))
      mistakes.push(`${where} is [${least}, ${most}], and the unit's own limit ${limit} lies outside; widen it`);
    const farthest = side === 'low' ? least : most;
    if (red !== undefined && isBeyond(farthest, red, side))
      mistakes.push(`${where} reaches ${farthest}; ${wordsOfRed(red, side)}`);
  }
  return mistakes;
};

const ofDelays = (delays: Readonly<Record<string, number>> | undefined, limits: readonly string[]): readonly string[] =>
  Object.keys(delays ?? {}).flatMap((name) => {
    const why = delayRefused(name, limits);
    return why === undefined ? [] : [`delays.${name}: ${why}`];
  });

/** A bed must be of one unit: whether any name could be meant by both patterns. */
const meet = (a: string, b: string): boolean => {
  const [begin, other] = [a.replace(/\*$/, ''), b.replace(/\*$/, '')];
  if (a.endsWith('*') && b.endsWith('*')) return begin.startsWith(other) || other.startsWith(begin);
  if (a.endsWith('*')) return other.startsWith(begin);
  return b.endsWith('*') ? begin.startsWith(other) : begin === other;
};

const ofBeds = ({ units }: SiteRules): readonly string[] => {
  const all = Object.entries(units).flatMap(([unit, { beds }]) => beds.map((bed) => ({ unit, bed })));
  return all.flatMap(({ unit, bed }, i) =>
    all
      .slice(i + 1)
      .filter((other) => other.unit !== unit && meet(bed, other.bed))
      .map(
        (other) =>
          `units."${unit}".beds "${bed}" and units."${other.unit}".beds "${other.bed}" may mean one bed; a bed is of one unit`,
      ),
  );
};

/** Every mistake there is; empty: the rules may be used. The preset is the one that they stand over. */
export const ruleMistakes = (preset: Preset, rules: SiteRules): readonly string[] => {
  const names = Object.keys(preset.populations.adult.limits) as readonly LimitName[];
  const ofLimits = (unit: string | undefined): readonly string[] => {
    const own = rulesOfUnit(preset, rules, unit);
    return populations.flatMap((population) => names.flatMap((name) => ofLimit(own, population, name)));
  };
  const ofSite = [...ofDelays(rules.site.delays, names), ...ofLimits(undefined)];
  const ofUnits = Object.entries(rules.units).flatMap(([unit, { delays }]) =>
    // What is wrong with the site's numbers is said there, and not of each unit again.
    [...ofDelays(delays, names), ...ofLimits(unit).filter((mistake) => !ofSite.includes(mistake))].map(
      (mistake) => `units."${unit}".${mistake}`,
    ),
  );
  return [...ofBeds(rules), ...ofSite.map((mistake) => `site.${mistake}`), ...ofUnits];
};

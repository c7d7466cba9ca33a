/** The rules by which alarms ring, as a nurse or an engineer reads them. */
import { signalOf } from '../../schemas/codes.ts';
import { inSeconds, type Microseconds } from '../../schemas/units.ts';
import { measures } from '../../stream-models/limits/measures.ts';
import { type BedRules, type LimitBounds, type Range, rulesOfPreset } from '../../stream-models/presets/bed-rules.ts';
import {
  delayOf,
  type Limit,
  type LimitCondition,
  type LimitName,
  populations as POPULATIONS,
  type PopulationSettings,
  type Preset,
} from '../../stream-models/presets/preset.ts';
import { rulesOfUnit, type SiteRules } from '../../stream-models/presets/site-rules.ts';
import { tableText } from '../evaluate/table.ts';
import { delayWarning, HEART_RATE_WITHIN, ON_ITS_WAY, timeToAlarm } from './time-to-alarm.ts';

const limitText = ({ low, high, hysteresis }: Limit): string => {
  if (low === undefined && high === undefined) return 'none';
  const bounds = low === undefined ? `at most ${high}` : high === undefined ? `at least ${low}` : `${low} to ${high}`;
  return `${bounds} (${hysteresis})`;
};

const delaysOf = (preset: Preset, name: LimitName): readonly Microseconds[] => {
  const both = (['low', 'high'] as const).map((side) => delayOf(preset, `${name}-${side}` as LimitCondition));
  return [...new Set(both)];
};

const secondsText = (spans: readonly Microseconds[]): string => `${spans.map(inSeconds).join(' and ')} s`;

const limitTable = (preset: Preset): readonly string[] =>
  tableText({
    caption: 'limits',
    head: ['limits (back by)', 'unit', ...POPULATIONS, 'rings after', 'heard within'],
    rows: measures.map(({ name, label, codes }) => {
      const delays = delaysOf(preset, name);
      return [
        label,
        signalOf(codes[0]!)?.ucum ?? '',
        ...POPULATIONS.map((population) => limitText(preset.populations[population].limits[name])),
        secondsText(delays),
        secondsText(delays.map((delay) => timeToAlarm(name, delay))),
      ];
    }),
  });

const rangeText = (range: Range | undefined): string => (range === undefined ? '–' : `${range[0]}…${range[1]}`);
const boundText = ({ low, high, mayBeOff }: LimitBounds): string =>
  low === undefined && high === undefined
    ? 'not set'
    : `${rangeText(low)} | ${rangeText(high)}${mayBeOff ? '' : ', not off'}`;

/** Within which a nurse may set a patient's limits. */
const boundTable = ({ bounds }: BedRules): readonly string[] =>
  tableText({
    caption: 'bounds',
    head: ["a patient's own: low | high", ...POPULATIONS],
    rows: measures.map(({ name, label }) => [
      label,
      ...POPULATIONS.map((population) => boundText(bounds[population][name])),
    ]),
  });

const warningsOf = ({ preset }: BedRules): readonly string[] => {
  const all = measures.flatMap(({ name }) =>
    delaysOf(preset, name).flatMap((delay) => delayWarning(name, delay) ?? []),
  );
  return all.length === 0 ? [] : ['', ...all.map((warning) => `WARNING: ${warning}`)];
};

const redRules: readonly (readonly [label: string, rule: (settings: PopulationSettings) => string])[] = [
  ['ASYSTOLE', ({ rhythm }) => `no QRS for ${inSeconds(rhythm.asystoleAfter)} s`],
  ['VTACH', ({ rhythm: { vt } }) => `${vt.beats} V beats at ${vt.perMinute}/min`],
  ['EXTREME BRADY', ({ rhythm: { extremeBrady } }) => `< ${extremeBrady.perMinute} over ${extremeBrady.beats} beats`],
  ['EXTREME TACHY', ({ rhythm: { extremeTachy } }) => `> ${extremeTachy.perMinute} over ${extremeTachy.beats} beats`],
  ['HR VERY LOW', ({ rhythm }) => `rate < ${rhythm.extremeBrady.perMinute}, no ECG`],
  ['HR VERY HIGH', ({ rhythm }) => `rate > ${rhythm.extremeTachy.perMinute}, no ECG`],
  ['DESAT', ({ desaturationBelow }) => `SpO₂ < ${desaturationBelow} %`],
];

const yellowRules: typeof redRules = [
  ['PAUSE', ({ rhythm }) => `no QRS for ${inSeconds(rhythm.pauseAfter)} s`],
  ['V RUN', ({ rhythm }) => `${rhythm.runBeats} V beats`],
];

const ruleTable = (head: string, rules: typeof redRules, { populations }: Preset): readonly string[] =>
  tableText({
    caption: head,
    head: [head, ...POPULATIONS],
    rows: rules.map(([label, rule]) => [label, ...POPULATIONS.map((population) => rule(populations[population]))]),
  });

const ofUnit = (rules: BedRules, heading: string): readonly string[] => [
  heading,
  '',
  ...limitTable(rules.preset),
  ...warningsOf(rules),
  '',
  ...boundTable(rules),
  '',
];

const unitsText = (preset: Preset, site: SiteRules): readonly string[] =>
  [undefined, ...Object.keys(site.units)].flatMap((unit) => {
    const rules = rulesOfUnit(preset, site, unit);
    const whose = unit === undefined ? 'Beds of no unit' : `Unit "${unit}", beds ${site.units[unit]!.beds.join(', ')}`;
    return ofUnit(rules, `${whose}: "${rules.label}" on every alarm`);
  });

/** What rings by a preset, and a site's rules over it (undefined: none), as lines of text. */
export const rulesText = (preset: Preset, site?: SiteRules & { readonly path: string }): readonly string[] => [
  `Rules "${preset.name}" (VIGIL_PRESET): ${preset.title}`,
  preset.source,
  ...(site === undefined
    ? []
    : [`Over it VIGIL_RULES_FILE ${site.path}, version "${site.version}", SHA-256 ${site.hash}`]),
  '',
  ...(site === undefined ? ofUnit(rulesOfPreset(preset), 'Every bed') : unitsText(preset, site)),
  ...ruleTable('red, never delayed', redRules, preset),
  '',
  ...ruleTable('yellow', yellowRules, preset),
  '',
  'A limit rings so long after its value was first told beyond it, if it stays there. VFIB/VFLUTTER is told from four seconds of the wave.',
  `Heard within: the delay, Vigil's own averaging (HR: the beats of 8 s), two seconds of the bed at the most, and ${inSeconds(ON_ITS_WAY)} s on its way. What a monitor`,
  `averages before it tells a number comes on top. HR is expected within ${inSeconds(HEART_RATE_WITHIN)} s. How long words are on their way: vigil_alert_latency_seconds (/metrics).`,
];

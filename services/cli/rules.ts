/** The rules by which alarms ring, as a nurse or an engineer reads them. */
import { signalOf } from '../../schemas/codes.ts';
import { inSeconds } from '../../schemas/units.ts';
import { measures } from '../../stream-models/limits/measures.ts';
import {
  delayOf,
  type Limit,
  type LimitCondition,
  type Population,
  type PopulationSettings,
  type Preset,
} from '../../stream-models/presets/preset.ts';
import { tableText } from '../evaluate/table.ts';

const POPULATIONS: readonly Population[] = ['adult', 'child', 'neonate'];

const limitText = ({ low, high, hysteresis }: Limit): string => {
  const bounds = low === undefined ? `at most ${high}` : high === undefined ? `at least ${low}` : `${low} to ${high}`;
  return `${bounds} (${hysteresis})`;
};

const limitTable = ({ populations, ...preset }: Preset): readonly string[] =>
  tableText({
    caption: 'limits',
    head: ['limits (back by)', 'unit', ...POPULATIONS, 'rings after'],
    rows: measures.map(({ name, label, codes }) => {
      const delays = ['low', 'high'].map((side) =>
        inSeconds(delayOf({ populations, ...preset }, `${name}-${side}` as LimitCondition)),
      );
      return [
        label,
        signalOf(codes[0]!)?.ucum ?? '',
        ...POPULATIONS.map((population) => limitText(populations[population].limits[name])),
        `${[...new Set(delays)].join(' and ')} s`,
      ];
    }),
  });

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

/** What rings by a preset, as lines of text. */
export const rulesText = (preset: Preset): readonly string[] => [
  `Rules "${preset.name}" (VIGIL_PRESET): ${preset.title}`,
  preset.source,
  '',
  ...limitTable(preset),
  '',
  ...ruleTable('red, never delayed', redRules, preset),
  '',
  ...ruleTable('yellow', yellowRules, preset),
  '',
  'A limit rings so long after its value was first told beyond it, if it stays there. VFIB/VFLUTTER is told from four seconds of the wave.',
  'How long words are on their way besides: vigil_alert_latency_seconds (/metrics).',
];

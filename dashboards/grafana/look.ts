/** Colours, units and words of the dashboards: those of the nurse console, so that one thing looks the same on both. */
import {
  FieldColorBuilder,
  FieldColorModeId,
  MappingType,
  SpecialValueMatch,
  type Threshold,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type ValueMapping,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { signalOf } from '../../schemas/codes.ts';
import type { PriorityName } from '../../schemas/conditions.ts';
import { rhythmGravity } from '../../schemas/series.ts';

/** IEC 60601-1-8: red, yellow, cyan. Always beside the word or the marks: colour alone says nothing. */
export const priorityColour: Readonly<Record<PriorityName, string>> = {
  high: '#d8131f',
  medium: '#ffd60a',
  low: '#3ccfe6',
};
export const priorityMarks: Readonly<Record<PriorityName, string>> = { high: '***', medium: '**', low: '*' };
export const priorities = ['high', 'medium', 'low'] as const satisfies readonly PriorityName[];

export const colours = {
  ecg: '#3fe07f',
  spo2: '#4fd8f0',
  respiration: '#ffe066',
  arterial: '#ff8585',
  cuff: '#f0f3f6',
  temperature: '#d9beff',
  plain: '#9aabb8',
  calm: '#2f7d55',
  good: '#3fa66b',
  worse: '#ffd60a',
  bad: '#d8131f',
} as const;

/** A value that is not there. Never an old one, never 0. */
export const NOTHING = '—';

/** UCUM, as a person reads it. */
const shownUnit: Readonly<Record<string, string>> = {
  'mm[Hg]': 'mmHg',
  Cel: '°C',
  '10*9/L': '10⁹/L',
  '[pH]': '',
};

export const unitText = (code: number): string => {
  const { ucum } = signalOf(code)!;
  return shownUnit[ucum] ?? ucum;
};

/** Grafana's name of a unit; what it does not know follows the number as it is. */
export const grafanaUnit = (text: string): string =>
  text === '%' ? 'percent' : text === '°C' ? 'celsius' : `suffix:${text}`;

export const thresholds = (steps: readonly Threshold[]): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([...steps]);

export const fixed = (colour: string): FieldColorBuilder =>
  new FieldColorBuilder().mode(FieldColorModeId.Fixed).fixedColor(colour);

export const byThreshold = (): FieldColorBuilder => new FieldColorBuilder().mode(FieldColorModeId.Thresholds);

const words = (entries: readonly (readonly [value: number, text: string, color: string])[]): ValueMapping => ({
  type: MappingType.ValueToText,
  options: Object.fromEntries(entries.map(([value, text, color], index) => [String(value), { text, color, index }])),
});

const rhythmColour: Readonly<Record<string, string>> = {
  'sinus-like': colours.calm,
  noise: '#5b6873',
  AF: colours.worse,
  VT: '#ff7a1a',
  'V flutter': '#ff3d3d',
  VF: '#d8131f',
  asystole: '#b51fd1',
};

export const rhythmWords: readonly ValueMapping[] = [
  words(Object.values(rhythmGravity).map(({ gravity, word }) => [gravity, word, rhythmColour[word]!])),
];

/** PartState of schemas/vigil/v1/engine.proto. */
export const partStateWords: readonly ValueMapping[] = [
  words([
    [0, 'unknown', '#5b6873'],
    [1, 'ok', colours.calm],
    [2, 'degraded', colours.worse],
    [3, 'failed', colours.bad],
  ]),
];

export const inUse: readonly ValueMapping[] = [words([[1, 'in use', colours.calm]])];

/** An empty text is an answer; a missing one is not. */
export const noneWhenEmpty: readonly ValueMapping[] = [
  { type: MappingType.SpecialValue, options: { match: SpecialValueMatch.Empty, result: { text: 'none' } } },
];

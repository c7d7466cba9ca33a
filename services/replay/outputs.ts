/**
 * What a replay writes of one recording: an MIT-format annotation file and lines of JSON. Both are functions of what the
 * stages said and of nothing else; two runs, and any cutting into frames, give the same bytes.
 */
import { labelOf } from '../../schemas/codes.ts';
import { type ConditionName, conditions } from '../../schemas/conditions.ts';
import type { AlarmEvent, SignalState, Transition } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import {
  type AlarmVerdict,
  type Beat,
  BeatClass,
  type Finding,
  RhythmKind,
  type Risk,
  RiskState,
} from '../../schemas/generated/vigil/v1/findings_pb.ts';
import { peakSymbol, rhythmName, signalWord, testimonyWord, verdictWord } from '../../schemas/words.ts';
import { type WfdbAnnotation, writeAnnotations } from '../recordings/wfdb/annotations.ts';

/** What the stages said of one bed, in the order of the log, and the scale to say it on. */
export interface BedSaid {
  /** The recording's name, which stands in the output wherever the bed's name stood. */
  readonly record: string;
  readonly bed: string;
  readonly startUs: number;
  readonly rateHz: number;
  readonly findings: readonly Finding[];
  readonly alarms: readonly AlarmEvent[];
}

const rhythmTexts: Readonly<Record<RhythmKind, string>> = {
  [RhythmKind.UNSPECIFIED]: '(NOISE',
  [RhythmKind.SINUS_LIKE]: '(N',
  [RhythmKind.AF]: '(AFIB',
  [RhythmKind.VT]: '(VT',
  [RhythmKind.VFL]: '(VFL',
  [RhythmKind.VF]: '(VF',
  [RhythmKind.ASYSTOLE]: '(ASYS',
  [RhythmKind.NOISE]: '(NOISE',
};

/** Enumerations of the wire are open: a newer Vigil may say a word that this one does not know. */
const rhythmText = (kind: RhythmKind): string => rhythmTexts[kind] ?? '(NOISE';
const signalName = (state: SignalState): string => signalWord(state) ?? 'unknown';

const sampleOf = (atUs: number, { startUs, rateHz }: BedSaid): number =>
  Math.max(0, Math.round(((atUs - startUs) * rateHz) / 1e6));

const annotationOf = (finding: Finding, said: BedSaid): WfdbAnnotation | undefined => {
  const sample = sampleOf(finding.atUs, said);
  if (finding.kind.case === 'beat') return { sample, symbol: peakSymbol(finding.kind.value.class), aux: '' };
  if (finding.kind.case === 'rhythm') return { sample, symbol: '+', aux: rhythmText(finding.kind.value.rhythm) };
  return undefined;
};

/** A change of rhythm stands before the beat of the same sample: it holds from there on. */
const inOrder = (a: WfdbAnnotation, b: WfdbAnnotation): number =>
  a.sample - b.sample || Number(b.symbol === '+') - Number(a.symbol === '+');

/** The bytes of `NAME.vgl`: beats at their R peaks (N, S, V, F, Q), artefacts ("|") and changes of rhythm ("+"), at the recording's rate. */
export const annotationFile = (said: BedSaid): Uint8Array =>
  writeAnnotations(
    said.findings
      .map((finding) => annotationOf(finding, said))
      .filter((annotation) => annotation !== undefined)
      .sort(inOrder),
  );

/** A number that always has the same digits, so that lines compare as text. */
class Fixed {
  readonly text: string;
  constructor(value: number, digits: number) {
    const text = value.toFixed(digits);
    this.text = /^-0\.?0*$/.test(text) ? text.slice(1) : text;
  }
}
type Field = string | number | boolean | null | Fixed | readonly string[] | Readonly<Record<string, number>>;

const SECONDS_DIGITS = 3;

const fieldText = (value: Field): string => (value instanceof Fixed ? value.text : JSON.stringify(value));
const lineOf = (fields: readonly (readonly [string, Field])[]): string =>
  `{${fields.map(([key, value]) => `${JSON.stringify(key)}:${fieldText(value)}`).join(',')}}`;

const times = (atUs: number, saidUs: number, { startUs }: BedSaid): (readonly [string, Field])[] => [
  ['at', new Fixed((atUs - startUs) / 1e6, SECONDS_DIGITS)],
  ['said', new Fixed((saidUs - startUs) / 1e6, SECONDS_DIGITS)],
];

const sortedRecord = (record: Readonly<Record<string, number>>): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

const priorityOf = (condition: string): string =>
  Object.hasOwn(conditions, condition) ? conditions[condition as ConditionName].priority : 'unknown';

const riskStates: Readonly<Record<RiskState, string>> = {
  [RiskState.UNSPECIFIED]: 'unknown',
  [RiskState.VALUE]: 'value',
  [RiskState.INSUFFICIENT]: 'insufficient data',
  [RiskState.MODEL_FAILED]: 'model failed',
};

const riskLine = (risk: Risk, when: readonly (readonly [string, Field])[], { startUs }: BedSaid): string =>
  lineOf([
    ['kind', 'risk'],
    ...when,
    ['name', risk.name],
    ['horizon', risk.horizonHours],
    ['state', riskStates[risk.state] ?? 'unknown'],
    ['probability', risk.probability === undefined ? null : new Fixed(risk.probability, 5)],
    ['low', risk.interval === undefined ? null : new Fixed(risk.interval.low, 5)],
    ['high', risk.interval === undefined ? null : new Fixed(risk.interval.high, 5)],
    ['threshold', new Fixed(risk.threshold, 5)],
    ['alarm', risk.alarm],
    ['missing', risk.missing],
    ['causes', risk.causes.map(({ name, weight }) => `${name} ${weight < 0 ? '' : '+'}${weight.toFixed(5)}`)],
    ['inputs', risk.inputs.map(({ name, unit, value, atUs }) => inputText(name, unit, value, (atUs - startUs) / 1e6))],
    ['model', risk.model],
  ]);
const inputText = (name: string, unit: string, value: number, atS: number): string =>
  `${name} ${value.toFixed(1)} ${unit} at ${atS.toFixed(1)}`;

/** What is held of a red rhythm alarm, with what each signal says of it by its label. */
const verdictLine = (verdict: AlarmVerdict, when: readonly (readonly [string, Field])[], preset: string): string =>
  lineOf([
    ['kind', 'verdict'],
    ...when,
    ['condition', verdict.condition],
    ['of', verdict.own ? 'vigil' : 'monitor'],
    ['text', verdict.text],
    ['verdict', verdictWord(verdict.verdict)],
    ['probability', new Fixed(verdict.probability, 4)],
    [
      'signals',
      verdict.testimonies.map(({ code, says, because }) => `${labelOf(code)} ${testimonyWord(says)}: ${because}`),
    ],
    ['preset', preset],
  ]);

const artefactLine = (peak: Beat, when: readonly (readonly [string, Field])[]): string =>
  lineOf([
    ['kind', 'artefact'],
    ...when,
    ['probability', new Fixed(peak.probability, 4)],
    ['amplitude', new Fixed(peak.amplitudeMv, 3)],
  ]);

/** A finding as a line; undefined for what is no line of a replay (signal quality, measured numbers, resets). */
const findingLine = (finding: Finding, said: BedSaid): string | undefined => {
  const when = times(finding.atUs, finding.saidUs, said);
  const { kind } = finding;
  switch (kind.case) {
    case 'beat':
      if (kind.value.class === BeatClass.ARTEFACT) return artefactLine(kind.value, when);
      return lineOf([
        ['kind', 'beat'],
        ...when,
        ['class', peakSymbol(kind.value.class)],
        ['probability', new Fixed(kind.value.probability, 4)],
        ['rr', new Fixed(kind.value.rrMs / 1e3, SECONDS_DIGITS)],
        ['amplitude', new Fixed(kind.value.amplitudeMv, 3)],
        ['artefact', kind.value.artefact === undefined ? null : new Fixed(kind.value.artefact, 4)],
      ]);
    case 'rhythm':
      return lineOf([['kind', 'rhythm'], ...when, ['rhythm', rhythmName(kind.value.rhythm) ?? 'unknown']]);
    case 'condition':
      return lineOf([
        ['kind', 'condition'],
        ...when,
        ['condition', kind.value.condition],
        ['present', kind.value.present],
        ['priority', priorityOf(kind.value.condition)],
        ['evidence', kind.value.evidence],
        ['preset', finding.preset],
      ]);
    case 'score':
      return lineOf([
        ['kind', 'score'],
        ...when,
        ['name', kind.value.name],
        ['value', kind.value.value ?? null],
        ['missing', kind.value.missing],
        ['points', sortedRecord(kind.value.points)],
        ['response', kind.value.response],
        ['spo2Scale', kind.value.spo2Scale === 0 ? null : kind.value.spo2Scale],
      ]);
    case 'risk':
      return riskLine(kind.value, when, said);
    case 'verdict':
      return verdictLine(kind.value, when, finding.preset);
    default:
      return undefined;
  }
};

/** Nobody answers in a replay: whom an alarm would ask next, and that nobody came, follows from that alone. */
const isOfNobody = ({ from, to, condition }: Transition): boolean => from === to || condition === 'unanswered';

/** A transition as a line; undefined for a roll call, which only repeats the picture, and for what tells that nobody has answered. */
const alarmLine = (event: AlarmEvent, said: BedSaid): string | undefined => {
  const change = event.transition;
  if (change === undefined || isOfNobody(change)) return undefined;
  return lineOf([
    ['kind', 'alarm'],
    ...times(event.atUs, event.saidUs, said),
    ['alarm', change.alarm.replace(said.bed, said.record)],
    ['condition', change.condition],
    ['priority', priorityOf(change.condition)],
    ['signal', signalName(change.to)],
    ['from', signalName(change.from)],
    ['to', signalName(change.to)],
    ['by', change.by],
    ['why', change.why],
  ]);
};

/**
 * The text of `NAME.ndjson`: one line per finding and per change of an alarm's signal, in the order in which they were
 * said; what was said at one moment stands in the order of the log, findings before alarms.
 */
export const findingLines = (said: BedSaid): string => {
  const lines: { readonly saidUs: number; readonly text: string }[] = [];
  for (const finding of said.findings) {
    const text = findingLine(finding, said);
    if (text !== undefined) lines.push({ saidUs: finding.saidUs, text });
  }
  for (const event of said.alarms) {
    const text = alarmLine(event, said);
    if (text !== undefined) lines.push({ saidUs: event.saidUs, text });
  }
  // Array.sort keeps the order of equals.
  lines.sort((a, b) => a.saidUs - b.saidUs);
  return lines.map(({ text }) => `${text}\n`).join('');
};

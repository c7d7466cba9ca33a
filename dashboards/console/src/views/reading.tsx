/** One number of a bed: label, value, unit and age. Turns to "—" by itself when it is too old, and says why when there is none. */
import type { ReactNode } from 'react';
import type { LiveBed, LiveNumeric } from '../../../../schemas/live.ts';
import {
  bloodPressureOf,
  disagreement,
  readingOf,
  rhythmText,
  unitText,
  valueText,
} from '../logic/numbers/readings.ts';
import { scoreWords } from '../logic/numbers/score-words.ts';
import { ageText, analysisHears, isSilent, isStale } from '../logic/time/age.ts';
import { useNowWhole } from './use-console.ts';

export type Tone = 'ecg' | 'spo2' | 'resp' | 'pressure' | 'line' | 'temp' | 'score';

interface Shown {
  readonly label: string;
  readonly unit: string;
  readonly value: string;
  /** Under the value: mean pressure, rhythm, response. */
  readonly note: string;
  /** Beside the label: how old. */
  readonly age: string;
  /** Why there is no value, in the place of one; empty where there is. Of short words: in a narrow tile it takes two lines. */
  readonly why: string;
  readonly live: boolean;
}

const alive = (numeric: LiveNumeric | undefined, nowUs: number): boolean =>
  numeric !== undefined && numeric.value !== null && !isStale(numeric, nowUs);

const ageOf = (numeric: LiveNumeric | undefined, nowUs: number): string =>
  numeric === undefined || numeric.value === null ? '' : ageText(nowUs - numeric.atUs);

const whyOf = (numeric: LiveNumeric | undefined): string =>
  numeric?.value === null ? (numeric.missing ?? 'no value') : '';

const textOf = (numeric: LiveNumeric | undefined, nowUs: number): string =>
  numeric !== undefined && alive(numeric, nowUs) ? valueText(numeric) : '—';

const plain = (
  label: string,
  unit: string,
  numerics: readonly LiveNumeric[],
  codes: readonly number[],
  nowUs: number,
): Shown => {
  const numeric = readingOf(numerics, codes, nowUs);
  return {
    label,
    unit: numeric === undefined ? unit : unitText(numeric.unit),
    value: textOf(numeric, nowUs),
    note: numeric !== undefined && alive(numeric, nowUs) ? disagreement(numerics, numeric, nowUs) : '',
    age: ageOf(numeric, nowUs),
    why: whyOf(numeric),
    live: alive(numeric, nowUs),
  };
};

const Cell = ({
  shown,
  tone,
  name,
  children,
}: {
  readonly shown: Shown;
  readonly tone: Tone;
  readonly name: string;
  readonly children?: ReactNode;
}) => (
  <div className="reading" data-tone={tone} data-reading={name} data-live={shown.live}>
    <div className="reading-head">
      <span className="reading-label">{shown.label}</span>
      <span className="reading-unit">{shown.unit}</span>
      <span className="reading-age">{shown.age}</span>
    </div>
    {shown.why === '' ? (
      <div className="reading-value">
        {shown.value}
        {shown.note === '' ? null : <small>{shown.note}</small>}
      </div>
    ) : (
      <div className="reading-value reading-none">
        <span>—</span> <small className="reading-why">{shown.why}</small>
      </div>
    )}
    {children}
  </div>
);

interface CellProps {
  readonly name: string;
  readonly label: string;
  readonly unit: string;
  readonly tone: Tone;
  readonly numerics: readonly LiveNumeric[];
  readonly codes: readonly number[];
}

export const Reading = ({ name, label, unit, tone, numerics, codes }: CellProps) => (
  <Cell name={name} tone={tone} shown={useNowWhole((nowUs) => plain(label, unit, numerics, codes, nowUs))} />
);

export const PressureReading = ({ numerics }: { readonly numerics: readonly LiveNumeric[] }) => {
  const shown = useNowWhole((nowUs): Shown => {
    const pressure = bloodPressureOf(numerics, nowUs);
    if (pressure === undefined)
      return { label: 'BP', unit: 'mmHg', value: '—', note: '', age: '', why: '', live: false };
    const { kind, systolic, diastolic, mean } = pressure;
    const live = alive(systolic, nowUs) || alive(mean, nowUs);
    return {
      label: kind,
      unit: 'mmHg',
      value: live ? `${textOf(systolic, nowUs)}/${textOf(diastolic, nowUs)}` : '—',
      note: live && mean !== undefined ? `(${textOf(mean, nowUs)})` : '',
      age: ageOf(systolic ?? mean, nowUs),
      why: live ? '' : whyOf(systolic ?? mean),
      live,
    };
  });
  return <Cell name="bp" tone={shown.label === 'ABP' ? 'line' : 'pressure'} shown={shown} />;
};

export const HeartRate = ({ bed, codes }: { readonly bed: LiveBed; readonly codes: readonly number[] }) => {
  const shown = useNowWhole((nowUs): Shown => {
    const rate = plain('HR', '/min', bed.numerics, codes, nowUs);
    const pulse = rate.label === 'HR' && readingOf(bed.numerics, codes, nowUs)?.code !== codes[0] && rate.value !== '—';
    return {
      ...rate,
      label: pulse ? 'PULSE' : 'HR',
      note: [
        rate.note,
        analysisHears(bed.analysedUs, nowUs) && !isSilent(bed.lastFrameUs, nowUs) ? rhythmText(bed.rhythm) : '',
      ]
        .filter(Boolean)
        .join(' · '),
    };
  });
  return (
    <div className="heart" data-reading="hr" data-live={shown.live}>
      <div className="reading-head">
        <span className="reading-label">{shown.label}</span>
        <span className="reading-age">{shown.age}</span>
      </div>
      <div className="heart-value">{shown.value}</div>
      <div className={shown.why === '' ? 'heart-rhythm' : 'heart-rhythm heart-why'}>
        {[shown.note, shown.why].filter(Boolean).join(' · ')}
      </div>
    </div>
  );
};

/** The clinical risk word of the chart (RCP 2017): 0–4 low, 5–6 medium, 7 and more high. */
const riskOf = (score: number): string => (score >= 7 ? 'high' : score >= 5 ? 'medium' : 'low');

export const ScoreReading = ({ bed }: { readonly bed: LiveBed }) => {
  const label = bed.score?.name ?? 'NEWS2';
  const shown = useNowWhole((nowUs): Shown => {
    const { value, why, age } = scoreWords(bed, nowUs);
    if (value === undefined) return { label, unit: '', value: '—', note: '', age, why, live: false };
    return { label, unit: '', value: String(value), note: riskOf(value), age, why, live: true };
  });
  return <Cell name="score" tone="score" shown={shown} />;
};

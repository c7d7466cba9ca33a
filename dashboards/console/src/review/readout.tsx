import type { Dispatch } from 'react';
import { type Calipers, measure } from './logic/calipers.ts';
import { GAINS, SPEEDS } from './logic/paper.ts';
import type { Trace } from './logic/traces.ts';
import type { PaperLook } from './paper-view.tsx';

interface ReadoutProps {
  readonly traces: readonly Trace[];
  readonly trace: Trace | undefined;
  readonly onTrace: Dispatch<number>;
  readonly calipers: Calipers;
  readonly look: PaperLook;
  readonly onLook: Dispatch<PaperLook>;
}

const signed = (value: number, unit: string): string =>
  `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(unit === 'mV' ? 3 : 1)} ${unit}`;

interface ChoiceProps<Value extends number> {
  readonly label: string;
  readonly unit: string;
  readonly values: readonly Value[];
  readonly value: Value;
  readonly onValue: Dispatch<Value>;
}

const Choice = <Value extends number>({ label, unit, values, value, onValue }: ChoiceProps<Value>) => (
  <label>
    {label}
    <select value={value} onChange={({ target }) => onValue(Number(target.value) as Value)}>
      {values.map((one) => (
        <option key={one} value={one}>
          {one} {unit}
        </option>
      ))}
    </select>
  </label>
);

/** What lies between the calipers, and how the paper is drawn. */
export const Readout = ({ traces, trace, onTrace, calipers, look, onLook }: ReadoutProps) => {
  const { intervalMs, perMinute, amplitude } = measure(trace, calipers);
  return (
    <div className="readout">
      <output aria-live="polite" data-measured>
        <b data-interval>{Math.round(intervalMs)} ms</b>
        <span data-rate>{perMinute === undefined ? '—' : `${perMinute.toFixed(1)} /min`}</span>
        <span data-amplitude>
          {amplitude === undefined || trace === undefined ? '—' : `${trace.label} ${signed(amplitude, trace.unit)}`}
        </span>
      </output>
      <label>
        Measure in
        <select
          value={trace === undefined ? '' : traces.indexOf(trace)}
          onChange={({ target }) => onTrace(Number(target.value))}
        >
          {traces.map(({ code, label, source }, number) => (
            <option key={`${code} ${source}`} value={number}>
              {label}
              {traces.filter((other) => other.code === code).length > 1 ? ` · ${source}` : ''}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={look.isMarching}
          onChange={({ target }) => onLook({ ...look, isMarching: target.checked })}
        />
        March out
      </label>
      <Choice
        {...{ label: 'Speed', unit: 'mm/s', values: SPEEDS, value: look.speed }}
        onValue={(speed) => onLook({ ...look, speed })}
      />
      <Choice
        {...{ label: 'Gain', unit: 'mm/mV', values: GAINS, value: look.gain }}
        onValue={(gain) => onLook({ ...look, gain })}
      />
      <span className="filter">
        {look.speed} mm/s · {look.gain} mm/mV · as recorded, no filter
      </span>
    </div>
  );
};

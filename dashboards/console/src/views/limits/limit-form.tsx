/** Sets one limit for who lies in the bed: what it was, what it shall be, for how long, who says so. */
import { useState } from 'react';
import type { LiveBed } from '../../../../../schemas/live.ts';
import type { LiveLimit } from '../../../../../schemas/live-limits.ts';
import { unitText } from '../../logic/numbers/readings.ts';
import { dayText, momentText } from '../../logic/time/clock-text.ts';
import {
  changeText,
  HOURS,
  HOURS_USUAL,
  type WishedSide,
  whyNot,
  wishedFrom,
  wishOf,
} from '../../logic/ward/limit-wish.ts';
import type { Side } from '../../logic/ward/limits-words.ts';
import { useSignature } from '../signature.tsx';
import { useConsole, useLink, useNow } from '../use-console.ts';

const HOUR_US = 3_600e6;

interface SideFieldProps {
  readonly side: Side;
  readonly limit: LiveLimit;
  readonly wished: WishedSide;
  readonly set: (wished: WishedSide) => void;
}

const SideField = ({ side, limit, wished, set }: SideFieldProps) => {
  const range = side === 'low' ? limit.lowRange : limit.highRange;
  const unit = limit[side];
  return (
    <fieldset className="limit-side">
      <legend>
        {side} <small>{unit === null ? 'unit has none' : `unit ${unit}`}</small>
      </legend>
      <input
        name={side}
        type="number"
        inputMode="decimal"
        step="any"
        aria-label={`${limit.label} ${side}, ${range === undefined ? 'cannot be set' : `${range[0]} to ${range[1]}`}`}
        disabled={range === undefined || wished.off}
        value={wished.text}
        onChange={({ target }) => set({ ...wished, text: target.value })}
      />
      <small>{range === undefined ? 'cannot be set' : `${range[0]} to ${range[1]} ${unitText(limit.unit)}`}</small>
      {limit.mayBeOff && unit !== null ? (
        <label>
          <input
            name={`${side}-off`}
            type="checkbox"
            checked={wished.off}
            onChange={({ target }) => set({ ...wished, off: target.checked })}
          />
          off
        </label>
      ) : null}
    </fieldset>
  );
};

interface LimitFormProps {
  readonly bed: LiveBed;
  /** As it was shown when the form was opened: an act that meant other limits than stand is not done. */
  readonly limit: LiveLimit;
  readonly cancel: () => void;
  readonly done: () => void;
}

export const LimitForm = ({ bed, limit, cancel, done }: LimitFormProps) => {
  const { acts } = useConsole();
  const linked = useLink().tag === 'Live';
  const { by, keep, field } = useSignature();
  const [low, setLow] = useState(() => wishedFrom('low', limit));
  const [high, setHigh] = useState(() => wishedFrom('high', limit));
  const [hours, setHours] = useState<number>(HOURS_USUAL);
  const [reason, setReason] = useState('');
  const until = useNow((nowUs) => momentText(nowUs + hours * HOUR_US, dayText(nowUs)).slice(0, -3));
  const why = whyNot(limit, low, high, reason);
  const wish = wishOf(limit, low, high);
  const isUnits = wish.low === undefined && wish.high === undefined;
  const isNothing = isUnits && limit.patient === undefined;
  const send = (asked: typeof wish): void => {
    keep();
    acts.do({
      ...{ kind: 'set-limits', bed: bed.bed, by, limit: asked, durationUs: hours * HOUR_US },
      ...(bed.patient === null ? {} : { patient: bed.patient }),
      ...(reason.trim() === '' ? {} : { reason: reason.trim() }),
    });
    done();
  };
  const back = (): void => {
    const { low: _low, high: _high, ...seen } = wish;
    send(seen);
  };
  return (
    <form
      method="dialog"
      className="limit-form"
      data-limit={limit.measure}
      onSubmit={(event) => {
        event.preventDefault();
        if (by !== '' && linked && why === '' && !isNothing) send(wish);
      }}
    >
      <h3>
        {limit.label} <small>{changeText(limit, low, high)}</small>
      </h3>
      <div className="limit-sides">
        <SideField side="low" limit={limit} wished={low} set={setLow} />
        <SideField side="high" limit={limit} wished={high} set={setHigh} />
      </div>
      <label className="ask-name">
        For
        <select name="hours" value={hours} onChange={({ target }) => setHours(Number(target.value))}>
          {HOURS.map((each) => (
            <option key={each} value={each}>
              {each} h
            </option>
          ))}
        </select>
      </label>
      <label className="ask-name">
        Reason {low.off || high.off ? '' : '(may be empty)'}
        <input
          name="reason"
          maxLength={120}
          autoComplete="off"
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
      </label>
      {field}
      <p className="ask-note">
        {isUnits
          ? "These are the unit's limits."
          : `Until ${until}, then the unit's limits apply again and LIMITS BACK TO UNIT says so. They end with a discharge or a new patient.`}{' '}
        Red alarms ring as before.
      </p>
      {why === '' ? null : (
        <p className="ask-warning" role="alert">
          {why}
        </p>
      )}
      <div className="ask-buttons">
        <button type="button" className="act" onClick={cancel}>
          Cancel
        </button>
        {limit.patient === undefined ? null : (
          <button type="button" data-act className="act" disabled={!linked || by === ''} onClick={back}>
            Back to the unit's
          </button>
        )}
        <button type="submit" data-act className="act act-main" disabled={!linked || why !== '' || isNothing}>
          Set limits
        </button>
      </div>
    </form>
  );
};

/** One alarm in one line: marks, label, evidence, state and age. Colour, text and marks say the same thing. */
import type { LiveAlarm } from '../../../../schemas/live.ts';
import { evidenceOf, flashes, MARKS, priorityWords, stateWords, wholeText } from '../logic/alarms/alarm-look.ts';
import { ageText } from '../logic/time/age.ts';
import { CheckIcon } from './icons.tsx';
import { useNow } from './use-console.ts';

/** The state in words, with who acknowledged. */
export const stateText = ({ state, acknowledgedBy }: LiveAlarm): string =>
  state === 'acknowledged' && acknowledgedBy ? `acknowledged by ${acknowledgedBy}` : stateWords[state];

export const AlarmChip = ({ alarm }: { readonly alarm: LiveAlarm }) => {
  const age = useNow((nowUs) => ageText(nowUs - alarm.sinceUs));
  const evidence = evidenceOf(alarm);
  const state = stateText(alarm);
  return (
    <span
      className="chip"
      data-priority={alarm.priority}
      data-state={alarm.state}
      data-flashing={flashes(alarm)}
      title={`${alarm.label}: ${wholeText(alarm)} · ${priorityWords[alarm.priority]}, ${state}, preset ${alarm.preset}`}
    >
      <span className="chip-marks">
        {alarm.state === 'acknowledged' ? <CheckIcon /> : null}
        {MARKS[alarm.priority]}
        <span className="unseen">{priorityWords[alarm.priority]}</span>
      </span>
      <span className="chip-label">{alarm.label}</span>
      {evidence === '' ? null : <span className="chip-evidence">{evidence}</span>}
      {alarm.state === 'latched' ? (
        <span className="chip-state">{state}</span>
      ) : (
        <span className="unseen">{state}</span>
      )}
      <span className="chip-age">{age}</span>
    </span>
  );
};

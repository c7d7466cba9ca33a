/** Says alarms that begin to a screen reader: high ones at once, the others when it is quiet. */
import { useEffect, useRef, useState } from 'react';
import { VIGIL_BED } from '../../../../schemas/engine.ts';
import { evidenceOf, priorityWords } from '../logic/alarm-look.ts';
import { beginningsOf, begunSince } from '../logic/announce.ts';
import type { WardAlarm } from '../logic/ward-store.ts';
import { useAlarms } from './use-console.ts';

const sentence = ({ bed, alarm }: WardAlarm): string =>
  `${bed === VIGIL_BED ? 'Vigil itself' : bed}: ${priorityWords[alarm.priority]}, ${alarm.label} ${evidenceOf(alarm)}`.trim();

export const Announcer = () => {
  const alarms = useAlarms();
  const said = useRef<ReadonlySet<string>>(new Set());
  const [urgent, setUrgent] = useState('');
  const [calm, setCalm] = useState('');
  useEffect(() => {
    const all = alarms.map(({ alarm }) => alarm);
    const begun = new Set(begunSince(said.current, all));
    said.current = beginningsOf(all);
    const fresh = alarms.filter(({ alarm }) => begun.has(alarm));
    const high = fresh.filter(({ alarm }) => alarm.priority === 'high').map(sentence);
    const rest = fresh.filter(({ alarm }) => alarm.priority !== 'high').map(sentence);
    if (high.length > 0) setUrgent(high.join('. '));
    if (rest.length > 0) setCalm(rest.join('. '));
  }, [alarms]);
  return (
    <>
      <div className="unseen" aria-live="assertive" data-announced="high">
        {urgent}
      </div>
      <div className="unseen" aria-live="polite" data-announced="other">
        {calm}
      </div>
    </>
  );
};

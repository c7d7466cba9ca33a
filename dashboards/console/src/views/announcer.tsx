/**
 * Says alarms that begin to a screen reader: high ones at once, the others when it is quiet. Each is an addition of its own, so that two of the
 * same words, or of the same second, are both said.
 */
import { useEffect, useRef, useState } from 'react';
import { VIGIL_BED } from '../../../../schemas/engine.ts';
import { evidenceOf, priorityWords } from '../logic/alarms/alarm-look.ts';
import { beginningsOf, begunSince } from '../logic/alarms/announce.ts';
import type { WardAlarm } from '../logic/ward/ward-store.ts';
import { useAlarms } from './use-console.ts';

const SENTENCES_KEPT = 20;
/** Long enough to be read out once it was added. Who reads the page itself must not find alarms of before there. */
const KEPT_FOR_MS = 15_000;

interface Said {
  readonly id: string;
  readonly isHigh: boolean;
  readonly sentence: string;
}

const saidOf = ({ bed, alarm }: WardAlarm): Said => ({
  id: `${alarm.alarm} ${alarm.sinceUs}`,
  isHigh: alarm.priority === 'high',
  sentence:
    `${bed === VIGIL_BED ? 'Vigil itself' : bed}: ${priorityWords[alarm.priority]}, ${alarm.label} ${evidenceOf(alarm)}`.trim(),
});

const alarmsOf = (rows: readonly WardAlarm[]) => rows.map(({ alarm }) => alarm);

/** `onlyNew`: what rings already has been said elsewhere. An open question needs its own, because nothing behind it is read. */
export const Announcer = ({ onlyNew = false }: { readonly onlyNew?: boolean }) => {
  const rows = useAlarms();
  const known = useRef(beginningsOf(onlyNew ? alarmsOf(rows) : []));
  const [said, setSaid] = useState<readonly Said[]>([]);
  useEffect(() => {
    const begun = new Set(begunSince(known.current, alarmsOf(rows)));
    known.current = beginningsOf(alarmsOf(rows));
    const fresh = rows.filter(({ alarm }) => begun.has(alarm)).map(saidOf);
    const ids = new Set(fresh.map(({ id }) => id));
    if (fresh.length === 0) return;
    setSaid((all) => [...all.filter(({ id }) => !ids.has(id)), ...fresh].slice(-SENTENCES_KEPT));
    window.setTimeout(() => setSaid((all) => all.filter((one) => !fresh.includes(one))), KEPT_FOR_MS);
  }, [rows]);
  const sentences = (high: boolean) =>
    said.filter(({ isHigh }) => isHigh === high).map((one) => <p key={one.id}>{one.sentence}</p>);
  return (
    <>
      <div className="unseen" aria-live="assertive" data-announced="high">
        {sentences(true)}
      </div>
      <div className="unseen" aria-live="polite" data-announced="other">
        {sentences(false)}
      </div>
    </>
  );
};

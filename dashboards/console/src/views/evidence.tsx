/** What all signals say of a red rhythm alarm: one line of text with its age. The alarm's own look is not touched by it. */
import type { LiveBed, LiveEvidence, LiveMonitorAlarm } from '../../../../schemas/live.ts';
import { evidenceDetail, evidenceText, MONITOR_ALARM_SHOWN_US } from '../logic/alarms/evidence-words.ts';
import { ageText } from '../logic/time/age.ts';
import { useNow } from './use-console.ts';

interface Shown {
  readonly condition: string;
  readonly evidence: LiveEvidence;
  /** With what every signal says and why. */
  readonly detailed?: boolean;
}

export const EvidenceLine = ({ condition, evidence, detailed = false }: Shown) => {
  const age = useNow((nowUs) => ageText(nowUs - evidence.judgedUs));
  const detail = evidenceDetail(evidence);
  return (
    <span className="evidence" data-verdict={evidence.verdict} title={detail}>
      <span>{evidenceText(condition, evidence)}</span>
      <small>judged {age === 'now' ? 'now' : `${age} ago`}</small>
      {detailed ? <small className="evidence-detail">{detail}</small> : null}
    </span>
  );
};

const MonitorAlarm = ({ alarm }: { readonly alarm: LiveMonitorAlarm }) => {
  const age = useNow((nowUs) => ageText(nowUs - alarm.atUs));
  return (
    <li data-monitor-alarm={alarm.text} data-condition={alarm.condition}>
      <span>
        <small>the monitor says</small> <b>{alarm.text}</b> <small>{age === 'now' ? 'now' : `${age} ago`}</small>
      </span>
      <EvidenceLine condition={alarm.condition} evidence={alarm.evidence} detailed />
    </li>
  );
};

/** Alarms of the bedside monitor that Vigil has judged, newest first; nothing where there are none. */
export const MonitorAlarms = ({ bed }: { readonly bed: LiveBed }) => {
  const since = useNow((nowUs) => bed.monitorAlarms.filter(({ atUs }) => nowUs - atUs < MONITOR_ALARM_SHOWN_US).length);
  const shown = since === 0 ? [] : bed.monitorAlarms.slice(-since).toReversed();
  if (shown.length === 0) return null;
  return (
    <ul className="monitor-alarms" aria-label="Alarms of the monitor">
      {shown.map((alarm) => (
        <MonitorAlarm key={alarm.text} alarm={alarm} />
      ))}
    </ul>
  );
};

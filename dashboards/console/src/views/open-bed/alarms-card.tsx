import type { LiveBed } from '../../../../../schemas/live.ts';
import { graverFirst } from '../../logic/alarms/alarm-look.ts';
import { AlarmChip, stateText } from '../alarm-chip.tsx';
import { EvidenceLine, MonitorAlarms } from '../evidence.tsx';
import { WorstLine } from '../worst-line.tsx';
import { Acknowledge } from './acknowledge.tsx';
import { ScrollCard } from './scroll-card.tsx';

/** Every alarm of the bed, gravest first, with what Vigil and the monitor say of it. */
export const AlarmsCard = ({ bed }: { readonly bed: LiveBed }) => {
  const alarms = [...bed.alarms].sort(graverFirst);
  return (
    <ScrollCard label="Alarms of this bed">
      <h3>Alarms</h3>
      {alarms.length === 0 ? <p className="card-empty">No alarm at this bed.</p> : null}
      <ul className="bed-alarms">
        {alarms.map((alarm) => (
          <li key={alarm.alarm} data-bed-alarm={alarm.alarm} data-state={alarm.state}>
            <AlarmChip alarm={alarm} />
            <span className="bed-alarm-state">{stateText(alarm)}</span>
            <Acknowledge bed={bed} alarm={alarm} />
            <WorstLine alarm={alarm} />
            {alarm.evidence === undefined ? null : (
              <EvidenceLine condition={alarm.condition} evidence={alarm.evidence} detailed />
            )}
          </li>
        ))}
      </ul>
      <MonitorAlarms bed={bed} />
    </ScrollCard>
  );
};

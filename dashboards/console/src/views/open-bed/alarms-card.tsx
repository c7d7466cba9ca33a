import type { LiveBed } from '../../../../../schemas/live.ts';
import { graverFirst } from '../../logic/alarms/alarm-look.ts';
import { askingText, chosenByText } from '../../logic/alarms/asking.ts';
import { AlarmChip, stateText } from '../alarm-chip.tsx';
import { EvidenceLine, MonitorAlarms } from '../evidence.tsx';
import { WorstLine } from '../worst-line.tsx';
import { Acknowledge } from './acknowledge.tsx';
import { MissedAlarms } from './missed-alarms.tsx';
import { ScrollCard } from './scroll-card.tsx';

const AsksLine = ({ text }: { readonly text: string }) =>
  text === '' ? null : <span className="alarm-asks">{text}</span>;

/** Every alarm of the bed, gravest first, with what Vigil and the monitor say of it. */
export const AlarmsCard = ({ bed }: { readonly bed: LiveBed }) => {
  const alarms = [...bed.alarms].sort(graverFirst);
  return (
    <ScrollCard label="Alarms of this bed">
      <h3>Alarms</h3>
      {chosenByText(bed) === '' ? null : <p className="card-empty">This bed is of {chosenByText(bed)}.</p>}
      {alarms.length === 0 ? <p className="card-empty">No alarm at this bed.</p> : null}
      <ul className="bed-alarms">
        {alarms.map((alarm) => (
          <li key={alarm.alarm} data-bed-alarm={alarm.alarm} data-state={alarm.state}>
            <AlarmChip alarm={alarm} />
            <span className="bed-alarm-state">{stateText(alarm)}</span>
            <Acknowledge bed={bed} alarm={alarm} />
            <AsksLine text={askingText(alarm, bed)} />
            <WorstLine alarm={alarm} />
            {alarm.evidence === undefined ? null : (
              <EvidenceLine condition={alarm.condition} evidence={alarm.evidence} detailed />
            )}
          </li>
        ))}
      </ul>
      <MonitorAlarms bed={bed} />
      <MissedAlarms bed={bed} />
    </ScrollCard>
  );
};

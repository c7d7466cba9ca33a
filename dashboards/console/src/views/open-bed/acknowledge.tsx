import type { LiveAlarm, LiveBed } from '../../../../../schemas/live.ts';
import { wantsSomeone } from '../../logic/alarms/alarm-look.ts';
import { useAsk } from '../ask.tsx';

/** Acknowledges one alarm of an open bed, after the question; nothing where the alarm wants nobody. */
export const Acknowledge = ({ bed, alarm }: { readonly bed: LiveBed; readonly alarm: LiveAlarm }) => {
  const ask = useAsk();
  return wantsSomeone(alarm) ? (
    <button type="button" data-act className="act" onClick={() => ask({ kind: 'acknowledge', bed, alarms: [alarm] })}>
      Acknowledge<span className="unseen"> {alarm.label}</span>
    </button>
  ) : null;
};

/** What would have rung while a line was down. It is of the past, labelled so, and asks nobody. */
import type { LiveBed, LiveMissed } from '../../../../../schemas/live.ts';
import { MARKS } from '../../logic/alarms/alarm-look.ts';
import { clockText, dayText, momentText } from '../../logic/time/clock-text.ts';
import { useNow } from '../use-console.ts';

const Outage = ({ outage, today }: { readonly outage: LiveMissed; readonly today: string }) => {
  const { source, fromUs, toUs, frames, numbers, alarms, more } = outage;
  return (
    <li data-missed={source}>
      <b>Retrospective:</b> {source}, {momentText(fromUs, today)} to {clockText(toUs)} came late ({frames} frames,{' '}
      {numbers} numbers; rhythms were not judged again).
      {alarms.length === 0 ? ' By its numbers nothing would have rung.' : ' Would have rung:'}
      <ul>
        {alarms.map((one) => (
          <li key={`${one.label} ${one.atUs}`} data-missed-alarm={one.label}>
            {MARKS[one.priority]} {one.label} {one.text === one.label ? '' : one.text}, {momentText(one.atUs, today)}
            {one.endedUs === null ? ', its end is not known' : ` to ${clockText(one.endedUs)}`}
            {one.ofBefore ? ', of who lay here before' : ''}
          </li>
        ))}
        {more > 0 ? <li>and {more} more</li> : null}
      </ul>
    </li>
  );
};

export const MissedAlarms = ({ bed }: { readonly bed: LiveBed }) => {
  const today = useNow(dayText);
  const missed = bed.missed ?? [];
  return missed.length === 0 ? null : (
    <>
      <h3>Missed during an outage</h3>
      <ul className="missed">
        {missed.toReversed().map((outage) => (
          <Outage key={`${outage.source} ${outage.fromUs}`} outage={outage} today={today} />
        ))}
      </ul>
    </>
  );
};

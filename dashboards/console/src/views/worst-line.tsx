/** How bad it was at the worst since the alarm began, with its age. The alarm's own look and sound are not touched by it. */
import type { LiveAlarm } from '../../../../schemas/live.ts';
import { ageText } from '../logic/time/age.ts';
import { useNow } from './use-console.ts';

const Line = ({ worst }: { readonly worst: NonNullable<LiveAlarm['worst']> }) => {
  const age = useNow((nowUs) => ageText(nowUs - worst.atUs));
  return (
    <span className="evidence" data-worst>
      <span>at worst {worst.text}</span>
      <small>{age === 'now' ? 'now' : `${age} ago`}</small>
    </span>
  );
};

/** Nothing where the value has not been worse than at the onset. */
export const WorstLine = ({ alarm }: { readonly alarm: LiveAlarm }) =>
  alarm.worst === undefined ? null : <Line worst={alarm.worst} />;

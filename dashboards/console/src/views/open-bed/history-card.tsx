import { conditionLabel } from '../../../../../schemas/conditions.ts';
import type { LiveBed } from '../../../../../schemas/live.ts';
import { stateWord } from '../../logic/alarms/alarm-look.ts';
import { reviewAddress } from '../../logic/page/review-address.ts';
import { dayText, momentText } from '../../logic/time/clock-text.ts';
import { useHistory, useNow } from '../use-console.ts';
import { ScrollCard } from './scroll-card.tsx';

/** What the bed's alarms have done since this screen was opened, newest first. */
export const HistoryCard = ({ bed }: { readonly bed: LiveBed }) => {
  const today = useNow(dayText);
  const history = useHistory()
    .filter((one) => one.bed === bed.bed)
    .map((one) => ({ ...one, from: stateWord(one.from), to: stateWord(one.to) }));
  return (
    <ScrollCard label="Alarm history of this session">
      <h3>
        History <small>of this session</small>
      </h3>
      {history.length === 0 ? <p className="card-empty">Nothing has changed since this screen was opened.</p> : null}
      <ol className="history">
        {history
          .toReversed()
          .slice(0, 100)
          .map((one) => (
            <li key={`${one.alarm} ${one.atUs} ${one.to}`}>
              <a href={reviewAddress(bed.bed, one.atUs)} target="_blank" rel="noreferrer">
                <time>{momentText(one.atUs, today)}</time>
              </a>
              <b>{conditionLabel(one.condition)}</b>
              <span>{one.from === one.to ? `still ${one.to}` : `${one.from} → ${one.to}`}</span>
              <span>{one.by}</span>
              <i>{one.why}</i>
            </li>
          ))}
      </ol>
    </ScrollCard>
  );
};

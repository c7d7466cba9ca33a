import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { ReviewEvent, ReviewEvents } from '../../../../schemas/review.ts';
import { clockText, dayText } from '../logic/time/clock-text.ts';
import { kindsIn, nextEvent, rowsInSight, shownOf } from './logic/event-list.ts';
import type { Asked } from './use-asked.ts';

const ROW_PX = 40;
const MARK: Readonly<Record<string, string>> = { high: '***', medium: '**', low: '*' };

const whole = (event: ReviewEvent): string => {
  const mark = event.priority === null ? '' : MARK[event.priority];
  return [mark, event.label, event.text].filter(Boolean).join(' ');
};

interface EventsPanelProps {
  readonly asked: Asked<ReviewEvents>;
  /** The moment that is looked at. */
  readonly atUs: number;
  readonly onGo: (atUs: number) => void;
}

interface ListProps {
  readonly events: readonly ReviewEvent[];
  readonly chosen: number | undefined;
  readonly onChoose: (number: number) => void;
}

/** Only the rows in sight are there, however many events there are. */
const List = ({ events, chosen, onChoose }: ListProps) => {
  const list = useRef<HTMLDivElement>(null);
  const [place, setPlace] = useState({ scrolled: 0, height: 400 });
  useEffect(() => {
    const element = list.current;
    if (element === null) return;
    const look = (): void => setPlace({ scrolled: element.scrollTop, height: element.clientHeight });
    const sizes = new ResizeObserver(look);
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);
  useEffect(() => {
    const element = list.current;
    if (element === null || chosen === undefined) return;
    const top = chosen * ROW_PX;
    if (top < element.scrollTop || top + ROW_PX > element.scrollTop + element.clientHeight)
      element.scrollTop = top - element.clientHeight / 2;
  }, [chosen]);
  const press = (event: KeyboardEvent): void => {
    const last = events.length - 1;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: Math.min(last, (chosen ?? -1) + 1),
      ArrowUp: Math.max(0, (chosen ?? 1) - 1),
      ...{ Home: 0, End: last },
    };
    const next = steps[event.key];
    if (next === undefined || last < 0) return;
    event.preventDefault();
    onChoose(next);
  };
  const { from, to } = rowsInSight(events.length, ROW_PX, place.scrolled, place.height);
  return (
    <div
      ref={list}
      className="events"
      role="listbox"
      aria-label="Events"
      tabIndex={0}
      aria-activedescendant={chosen !== undefined && chosen >= from && chosen < to ? `event-${chosen}` : undefined}
      onKeyDown={press}
      onScroll={({ currentTarget }) =>
        setPlace({ scrolled: currentTarget.scrollTop, height: currentTarget.clientHeight })
      }
    >
      <div role="presentation" style={{ height: events.length * ROW_PX, position: 'relative' }}>
        {events.slice(from, to).map((event, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: two events may say the same of one moment, and none moves
            key={from + i}
            id={`event-${from + i}`}
            className="event"
            role="option"
            tabIndex={-1}
            aria-selected={from + i === chosen}
            aria-posinset={from + i + 1}
            aria-setsize={events.length}
            data-event={event.name}
            data-priority={event.priority}
            style={{ top: (from + i) * ROW_PX }}
            onClick={() => onChoose(from + i)}
          >
            <time>
              {dayText(event.atUs)} {clockText(event.atUs)}
            </time>
            <span>{whole(event)}</span>
          </div>
        ))}
      </div>
    </div>
  );
};

/** The bed's alarms, rhythms and beginnings, by kind; choosing one looks at it. */
export const EventsPanel = ({ asked, atUs, onGo }: EventsPanelProps) => {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const events = asked.tag === 'There' ? asked.answer.events : undefined;
  const kinds = useMemo(() => kindsIn(events ?? []), [events]);
  const shown = useMemo(() => shownOf(events ?? [], hidden), [events, hidden]);
  const chosen = shown.findIndex((event) => event.atUs === atUs);
  const go = (number: number | undefined): void => {
    const event = number === undefined ? undefined : shown[number];
    if (event !== undefined) onGo(event.atUs);
  };
  const toggle = (key: string): void => {
    const next = new Set(hidden);
    if (!next.delete(key)) next.add(key);
    setHidden(next);
  };
  const [before, after] = [nextEvent(shown, atUs, -1), nextEvent(shown, atUs, 1)];
  return (
    <aside className="events-panel" aria-label="Events of this bed">
      <h2>
        Events <small>{events === undefined ? '' : `${shown.length} of ${events.length}`}</small>
      </h2>
      {asked.tag === 'Failed' ? <p className="missing">{asked.sentence}</p> : null}
      {asked.tag === 'Reading' ? <p className="quiet">Reading…</p> : null}
      {asked.tag === 'There'
        ? asked.answer.missing.map((one) => (
            <p key={one} className="missing">
              Not there: {one}
            </p>
          ))
        : null}
      {asked.tag === 'There' && asked.answer.cut > 0 ? (
        <p className="missing">{asked.answer.cut} older ones are not listed: choose a shorter time.</p>
      ) : null}
      <fieldset className="kinds" aria-label="Kinds of events that are shown">
        {kinds.map(({ key, kind, label, count }) => (
          <label key={key}>
            <input type="checkbox" checked={!hidden.has(key)} onChange={() => toggle(key)} data-kind={key} />
            {kind === 'rhythm' ? `rhythm: ${label}` : label} <small>{count}</small>
          </label>
        ))}
      </fieldset>
      <nav className="choice" aria-label="Other events">
        <button type="button" className="act" disabled={before === undefined} onClick={() => go(before)}>
          Previous
        </button>
        <button type="button" className="act" disabled={after === undefined} onClick={() => go(after)}>
          Next
        </button>
      </nav>
      <p className="chosen" role="status">
        {shown[chosen] === undefined ? '' : whole(shown[chosen])}
      </p>
      {events?.length === 0 && asked.tag === 'There' && asked.answer.missing.length === 0 ? (
        <p className="quiet">None in this time.</p>
      ) : null}
      <List events={shown} chosen={chosen === -1 ? undefined : chosen} onChoose={go} />
    </aside>
  );
};

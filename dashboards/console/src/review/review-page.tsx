/** One bed, looked back at: its waves on ECG paper, what was found in them, calipers, and a list of what happened. */
import { useEffect, useMemo, useState } from 'react';
import { isEcgLead, MDC } from '../../../../schemas/codes.ts';
import { INTENDED_USE } from '../../../../schemas/live.ts';
import type { ReviewEvent, ReviewEvents, ReviewStretch } from '../../../../schemas/review.ts';
import { addressOf } from '../logic/page/page-address.ts';
import { clockText, dayText, timeZone } from '../logic/time/clock-text.ts';
import { EventsPanel } from './events-panel.tsx';
import type { Calipers } from './logic/calipers.ts';
import { snapped } from './logic/calipers.ts';
import { tracesOf } from './logic/traces.ts';
import { Overview } from './overview.tsx';
import { type PaperLook, PaperView } from './paper-view.tsx';
import { Readout } from './readout.tsx';
import { lookAt, useAddress } from './use-address.ts';
import { useAsked } from './use-asked.ts';
import { useServerNow } from './use-server-now.ts';

const HALF_US = 30e6;
const DAY_US = 86_400e6;
const DAYS = [1, 7, 30] as const;
/** What is newest may be a second old until everything of it is kept. */
const NEWEST_US = 35e6;

const NONE: readonly ReviewEvent[] = [];

const milliText = (us: number): string =>
  `${dayText(us)} ${clockText(us)}.${String(Math.floor((us / 1e3) % 1e3)).padStart(3, '0')}`;

interface WavesProps {
  readonly stretch: ReviewStretch;
  readonly atUs: number;
  readonly look: PaperLook;
  readonly onLook: (look: PaperLook) => void;
  /** The lead that was measured last. */
  readonly code: number;
  readonly onCode: (code: number) => void;
}

const Waves = ({ stretch, atUs, look, onLook, code: wanted, onCode }: WavesProps) => {
  const traces = useMemo(() => tracesOf(stretch.waves), [stretch]);
  const [chosen, setChosen] = useState(() => traces.findIndex(({ code }) => code === wanted));
  const trace = traces[chosen] ?? traces[0];
  const choose = (number: number): void => {
    setChosen(number);
    onCode(traces[number]!.code);
  };
  const [calipers, setCalipers] = useState<Calipers>(() => ({
    aUs: snapped(trace, atUs - 400e3),
    bUs: snapped(trace, atUs + 400e3),
  }));
  const leads = traces.filter(({ code }) => isEcgLead(code)).length;
  return (
    <>
      {traces.length === 0 ? (
        <p className="nothing" role="status">
          No waves of this minute are kept. The log keeps them for days (7 unless it was full before), and for a year
          only ten seconds around each alarm of high or medium priority.
        </p>
      ) : (
        <>
          <Readout {...{ traces, trace, calipers, look }} onTrace={choose} onLook={onLook} />
          <PaperView
            {...{ stretch, traces, atUs, look, trace, calipers }}
            onCalipers={setCalipers}
            momentText={milliText}
          />
        </>
      )}
      {leads === 0 && traces.length > 0 ? <p className="missing">There is no ECG among these waves.</p> : null}
      {stretch.missing.map((one) => (
        <p key={one} className="missing">
          Not there: {one}
        </p>
      ))}
    </>
  );
};

interface BedProps {
  readonly bed: string;
  readonly at: number | undefined;
  readonly openedUs: number;
}

const Bed = ({ bed, at, openedUs }: BedProps) => {
  const [look, setLook] = useState<PaperLook>({ speed: 25, gain: 10, isMarching: false });
  const [code, setCode] = useState<number>(MDC.ecgII);
  const [days, setDays] = useState<number>(7);
  const atUs = at ?? openedUs - NEWEST_US;
  const stretch = useAsked<ReviewStretch>({ path: 'stretch', bed, fromUs: atUs - HALF_US, toUs: atUs + HALF_US });
  const events = useAsked<ReviewEvents>({
    ...{ path: 'events', bed, fromUs: openedUs - days * DAY_US, toUs: openedUs + DAY_US / 24 },
  });
  useEffect(() => {
    document.title = `Vigil · review of ${bed}`;
  }, [bed]);
  const go = (us: number): void => lookAt(bed, us);
  return (
    <>
      <header className="review-head">
        <a className="act" href={`./${addressOf(bed)}`}>
          Live page
        </a>
        <h1>{bed}</h1>
        <p data-looked-at={atUs}>
          {milliText(atUs)} <small>± 30 s</small>
        </p>
        <nav className="choice" aria-label="Other times">
          <button type="button" className="act" onClick={() => go(atUs - HALF_US)}>
            30 s earlier
          </button>
          <button type="button" className="act" onClick={() => go(atUs + HALF_US)}>
            30 s later
          </button>
        </nav>
        <label>
          Events of
          <select value={days} onChange={({ target }) => setDays(Number(target.value))}>
            {DAYS.map((one) => (
              <option key={one} value={one}>
                {one === 1 ? '24 hours' : `${one} days`}
              </option>
            ))}
          </select>
        </label>
        <b className="not-live">Not live: this page looks back, and does not ring</b>
      </header>
      <main className="review-main" data-reviewed={bed} data-state={stretch.tag}>
        <Overview
          {...{ bed, atUs, nowUs: openedUs, momentText: milliText, onGo: go }}
          events={events.tag === 'There' ? events.answer.events : NONE}
        />
        {stretch.tag === 'Reading' ? (
          <p className="nothing" role="status">
            Reading…
          </p>
        ) : null}
        {stretch.tag === 'Failed' ? (
          <p className="nothing missing" role="alert">
            {stretch.sentence}
          </p>
        ) : null}
        {stretch.tag === 'There' ? (
          <Waves key={atUs} stretch={stretch.answer} {...{ atUs, look, code }} onLook={setLook} onCode={setCode} />
        ) : null}
      </main>
      <EventsPanel asked={events} atUs={atUs} onGo={go} />
    </>
  );
};

export const ReviewPage = () => {
  const { bed, atUs } = useAddress();
  const openedUs = useServerNow();
  return (
    <div className="review">
      {bed === undefined ? (
        <main className="nothing">
          <h1>Review</h1>
          <p>
            No bed is named. Open a bed on the <a href="./">console</a> and choose “Review”.
          </p>
        </main>
      ) : openedUs === undefined ? null : (
        <Bed key={bed} bed={bed} at={atUs} openedUs={openedUs} />
      )}
      <footer className="review-foot">
        {INTENDED_USE} Times in {timeZone()}. Waves as they came from the monitor, whose own filter is not told to
        Vigil.
      </footer>
    </div>
  );
};

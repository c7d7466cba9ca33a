/** One bed in full: its waves, every number with age and source, how NEWS2 came about, its alarms and their history. */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { isEcgLead } from '../../../../../schemas/codes.ts';
import type { LiveBed } from '../../../../../schemas/live.ts';
import { HEART_RATE } from '../../logic/numbers/readings.ts';
import { historyAddress } from '../../logic/page/history-address.ts';
import { reviewAddress } from '../../logic/page/review-address.ts';
import { ageText, isSilent } from '../../logic/time/age.ts';
import { byBedName } from '../../logic/ward/bed-order.ts';
import { BedButtons } from '../bed-buttons.tsx';
import { Contradiction, NoSignal, Vitals } from '../bed-tile.tsx';
import { LimitsButton } from '../limits/limits-dialog.tsx';
import { OwnLimits } from '../limits/own-limits.tsx';
import { HeartRate } from '../reading.tsx';
import { Strip } from '../strip.tsx';
import { useAbout, useBed, useConsole, useNow, useOrder } from '../use-console.ts';
import { AlarmsCard } from './alarms-card.tsx';
import { useEscapeToWard, WardButton } from './back-to-ward.tsx';
import { HistoryCard } from './history-card.tsx';
import { NumbersCard } from './numbers-card.tsx';
import { ScoreCard } from './score-card.tsx';

const STRIPS_MOST = 4;
const LEADS_MOST = 3;

const Waves = ({ bed }: { readonly bed: LiveBed }) => {
  const { waves } = useConsole();
  const codes = useSyncExternalStore(waves.subscribe, () => waves.codes(bed.bed));
  const leads = codes.filter(isEcgLead);
  const others = codes.filter((code) => !isEcgLead(code));
  const shown = [
    ...leads.slice(0, others.length > 0 ? STRIPS_MOST - Math.min(2, others.length) : LEADS_MOST),
    ...others,
  ].slice(0, STRIPS_MOST);
  return (
    <section className="bed-waves" aria-label="Waves">
      {shown.map((code) => (
        <Strip key={code} bed={bed.bed} code={code} lineWidth={1.7} />
      ))}
      <NoSignal bed={bed} />
    </section>
  );
};

/** The bed over hours and days, in Grafana; nothing where there is none. */
const History = ({ bed }: { readonly bed: string }) => {
  const grafana = useAbout()?.grafana;
  return grafana === undefined ? null : (
    <a className="act" href={historyAddress(grafana, bed)} target="_blank" rel="noreferrer">
      History
    </a>
  );
};

const Head = ({ bed }: { readonly bed: LiveBed }) => {
  const { open } = useConsole();
  const beds = [...useOrder()].sort(byBedName);
  const at = beds.indexOf(bed.bed);
  const heading = useRef<HTMLHeadingElement>(null);
  const heard = useNow((nowUs) =>
    bed.lastFrameUs === null
      ? 'never heard'
      : isSilent(bed.lastFrameUs, nowUs)
        ? `last heard ${ageText(nowUs - bed.lastFrameUs)} ago`
        : '',
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: another bed is another page, and its heading gets the focus
  useEffect(() => heading.current?.focus({ preventScroll: true }), [bed.bed]);
  const neighbour = (by: number): string => beds[(at + by + beds.length) % beds.length] ?? bed.bed;
  return (
    <header className="bed-head">
      <WardButton />
      <h2 ref={heading} tabIndex={-1} data-home={bed.bed}>
        {bed.bed}
      </h2>
      <span className="bed-patient" dir="auto">
        {bed.patient ?? 'no patient'}
      </span>
      {heard === '' ? null : <span className="bed-silent">{heard}</span>}
      <Contradiction bed={bed} place="bed" />
      <OwnLimits bed={bed} place="bed" />
      <span className="top-space" />
      <a className="act" href={reviewAddress(bed.bed)} target="_blank" rel="noreferrer">
        Review
      </a>
      <History bed={bed.bed} />
      <LimitsButton bed={bed} />
      <BedButtons bed={bed} words />
      <nav className="choice" aria-label="Other beds">
        <button type="button" onClick={() => open(neighbour(-1))}>
          Previous
        </button>
        <button type="button" onClick={() => open(neighbour(1))}>
          Next
        </button>
      </nav>
    </header>
  );
};

export const BedView = ({ name }: { readonly name: string }) => {
  const bed = useBed(name);
  const silent = useNow((nowUs) => bed !== undefined && isSilent(bed.lastFrameUs, nowUs));
  useEscapeToWard();
  if (bed === undefined)
    return (
      <main className="bed bed-unknown">
        <p>There is no bed “{name}” on this ward.</p>
        <WardButton />
      </main>
    );
  return (
    <main className="bed" aria-label={`Bed ${name}`} data-open={name} data-silent={silent}>
      <Head bed={bed} />
      <Waves bed={bed} />
      <div className="bed-numbers">
        <HeartRate bed={bed} codes={HEART_RATE} />
        <Vitals bed={bed} />
      </div>
      <div className="bed-cards">
        <AlarmsCard bed={bed} />
        <HistoryCard bed={bed} />
        <ScoreCard bed={bed} />
        <NumbersCard bed={bed} />
      </div>
    </main>
  );
};

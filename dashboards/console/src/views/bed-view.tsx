/** One bed in full: its waves, every number with age and source, how NEWS2 came about, its alarms and their history. */
import { useEffect, useRef, useSyncExternalStore } from 'react';
import { isEcgLead } from '../../../../schemas/codes.ts';
import type { LiveBed } from '../../../../schemas/live.ts';
import { ageText, analysisHears, isSilent, isStale } from '../logic/age.ts';
import { graverFirst, wantsSomeone } from '../logic/alarm-look.ts';
import { byBedName } from '../logic/bed-order.ts';
import { conditionLabel } from '../logic/history.ts';
import { HEART_RATE, unitText, valueText } from '../logic/readings.ts';
import { AlarmChip, stateText } from './alarm-chip.tsx';
import { useAsk } from './ask.tsx';
import { BedButtons } from './bed-buttons.tsx';
import { NoSignal, Vitals } from './bed-tile.tsx';
import { BackIcon } from './icons.tsx';
import { HeartRate } from './reading.tsx';
import { Strip } from './strip.tsx';
import { useBed, useConsole, useHistory, useNow, useOrder } from './use-console.ts';

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

const Numerics = ({ bed }: { readonly bed: LiveBed }) => {
  const rows: readonly (readonly [string, string, boolean])[] = JSON.parse(
    useNow((nowUs) =>
      JSON.stringify(
        bed.numerics.map((numeric) => {
          const stale = isStale(numeric, nowUs);
          const value = numeric.value === null || stale ? '—' : valueText(numeric);
          const why = numeric.value === null ? `${numeric.missing ?? 'no value'} · ` : stale ? 'too old · ' : '';
          return [value, `${why}${ageText(nowUs - numeric.atUs)}`, value !== '—'];
        }),
      ),
    ),
  );
  return (
    <section className="card card-scroll" aria-label="Numbers" tabIndex={-1}>
      <h3>Numbers</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Signal</th>
            <th scope="col" className="right">
              Value
            </th>
            <th scope="col">Age</th>
            <th scope="col">Source</th>
          </tr>
        </thead>
        <tbody>
          {bed.numerics.map((numeric, i) => (
            <tr key={`${numeric.code} ${numeric.by}`} data-live={rows[i]?.[2]}>
              <th scope="row">{numeric.label}</th>
              <td className="right">
                <b>{rows[i]?.[0]}</b> <small>{unitText(numeric.unit)}</small>
              </td>
              <td>{rows[i]?.[1]}</td>
              <td>{numeric.by === 'vigil' ? 'Vigil' : 'monitor'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
};

const inputWords: Readonly<Record<string, string>> = {
  respirationRate: 'Respiration rate',
  spo2: 'SpO₂',
  onOxygen: 'Air or oxygen',
  systolic: 'Systolic pressure',
  pulse: 'Pulse',
  consciousness: 'Consciousness',
  temperature: 'Temperature',
};
const inputText = (name: string): string => inputWords[name] ?? name;

const ScoreCard = ({ bed }: { readonly bed: LiveBed }) => {
  const { score } = bed;
  const heard = useNow((nowUs) => analysisHears(bed.analysedUs, nowUs));
  const age = useNow((nowUs) => (score === null ? '' : ageText(nowUs - score.atUs)));
  const missing = score?.missing ?? [];
  const inputs = [...new Set([...Object.keys(inputWords), ...Object.keys(score?.points ?? {}), ...missing])];
  return (
    <section className="card card-score" aria-label="Score">
      <h3>
        {score?.name ?? 'NEWS2'} <small>{age === '' ? '' : `since ${age === 'now' ? 'now' : `${age} ago`}`}</small>
      </h3>
      {score === null ? (
        <p className="card-empty">No score has been computed yet.</p>
      ) : (
        <>
          <div className="score-total" data-live={heard && score.value !== null}>
            <b>{heard && score.value !== null ? score.value : '—'}</b>
            <span>
              {!heard
                ? 'Analysis does not hear this bed.'
                : score.value === null
                  ? 'Insufficient data: no score is made of missing inputs.'
                  : score.response}
            </span>
          </div>
          <ul className="score-inputs">
            {inputs.map((name) => (
              <li key={name} data-points={score.points[name] ?? 'missing'}>
                <span>{inputText(name)}</span>
                <b>{score.points[name] ?? (missing.includes(name) ? 'missing' : '—')}</b>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
};

const AlarmsCard = ({ bed }: { readonly bed: LiveBed }) => {
  const ask = useAsk();
  const alarms = [...bed.alarms].sort(graverFirst);
  return (
    <section className="card card-scroll" aria-label="Alarms of this bed" tabIndex={-1}>
      <h3>Alarms</h3>
      {alarms.length === 0 ? <p className="card-empty">No alarm at this bed.</p> : null}
      <ul className="bed-alarms">
        {alarms.map((alarm) => (
          <li key={alarm.alarm} data-bed-alarm={alarm.alarm} data-state={alarm.state}>
            <AlarmChip alarm={alarm} />
            <span className="bed-alarm-state">{stateText(alarm)}</span>
            {wantsSomeone(alarm) ? (
              <button type="button" className="act" onClick={() => ask({ kind: 'acknowledge', bed, alarms: [alarm] })}>
                Acknowledge
              </button>
            ) : null}
          </li>
        ))}
      </ul>
    </section>
  );
};

const clock = (us: number): string => new Date(us / 1e3).toLocaleTimeString('en-GB', { hour12: false });

const HistoryCard = ({ bed }: { readonly bed: LiveBed }) => {
  const history = useHistory().filter((one) => one.bed === bed.bed);
  return (
    <section className="card card-scroll" aria-label="Alarm history of this session" tabIndex={-1}>
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
              <time>{clock(one.atUs)}</time>
              <b>{conditionLabel(one.condition)}</b>
              <span>
                {one.from} → {one.to}
              </span>
              <span>{one.by}</span>
              <i>{one.why}</i>
            </li>
          ))}
      </ol>
    </section>
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
      <button type="button" className="act" onClick={() => open(undefined)}>
        <BackIcon /> Ward
      </button>
      <h2 ref={heading} tabIndex={-1}>
        {bed.bed}
      </h2>
      <span className="bed-patient">{bed.patient ?? 'no patient'}</span>
      {heard === '' ? null : <span className="bed-silent">{heard}</span>}
      <span className="top-space" />
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
  const { open } = useConsole();
  const bed = useBed(name);
  const silent = useNow((nowUs) => bed !== undefined && isSilent(bed.lastFrameUs, nowUs));
  useEffect(() => {
    const leave = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && document.querySelector('dialog[open]') === null) open(undefined);
    };
    window.addEventListener('keydown', leave);
    return () => window.removeEventListener('keydown', leave);
  }, [open]);
  if (bed === undefined)
    return (
      <main className="bed bed-unknown">
        <p>There is no bed “{name}” on this ward.</p>
        <button type="button" className="act" onClick={() => open(undefined)}>
          <BackIcon /> Ward
        </button>
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
        <Numerics bed={bed} />
      </div>
    </main>
  );
};

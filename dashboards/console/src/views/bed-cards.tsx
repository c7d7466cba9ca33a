/** The cards of an open bed: its alarms, their history, how the score came about, every number with age and source. */
import type { ReactNode } from 'react';
import { conditionLabel } from '../../../../schemas/conditions.ts';
import type { LiveBed } from '../../../../schemas/live.ts';
import { ageText, isStale } from '../logic/age.ts';
import { graverFirst, stateWord, wantsSomeone } from '../logic/alarm-look.ts';
import { dayText, momentText } from '../logic/clock-text.ts';
import { inTableOrder, newestReading, scoreInputs, unitText, valueText } from '../logic/readings.ts';
import { type ScoreWords, scoreWords } from '../logic/score-words.ts';
import { AlarmChip, stateText } from './alarm-chip.tsx';
import { useAsk } from './ask.tsx';
import { EvidenceLine, MonitorAlarms } from './evidence.tsx';
import { Laboratory } from './laboratory.tsx';
import { RiskLine } from './risk-line.tsx';
import { useHistory, useNow } from './use-console.ts';
import { WorstLine } from './worst-line.tsx';

interface Card {
  readonly label: string;
  readonly look?: string;
  readonly children: ReactNode;
}

const ScrollCard = ({ label, look = 'card-scroll', children }: Card) => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable from the keyboard (WCAG 2.1.1)
  <section className={`card ${look}`} aria-label={label} tabIndex={0}>
    {children}
  </section>
);

export const Numerics = ({ bed }: { readonly bed: LiveBed }) => {
  const numerics = inTableOrder(bed.numerics);
  const rows: readonly (readonly [string, string, boolean])[] = JSON.parse(
    useNow((nowUs) =>
      JSON.stringify(
        numerics.map((numeric) => {
          const stale = isStale(numeric, nowUs);
          const value = numeric.value === null || stale ? '—' : valueText(numeric);
          const why = numeric.value === null ? `${numeric.missing ?? 'no value'} · ` : stale ? 'too old · ' : '';
          return [value, `${why}${ageText(nowUs - numeric.atUs)}`, value !== '—'];
        }),
      ),
    ),
  );
  return (
    <ScrollCard label="Numbers">
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
          {numerics.map((numeric, i) => (
            <tr key={`${numeric.code} ${numeric.by} ${numeric.source}`} data-live={rows[i]?.[2]}>
              <th scope="row">{numeric.label}</th>
              <td className="right">
                <b>{rows[i]?.[0]}</b> <small>{unitText(numeric.unit)}</small>
              </td>
              <td>{rows[i]?.[1]}</td>
              <td>{numeric.by === 'vigil' ? 'Vigil' : (numeric.source ?? 'monitor')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Laboratory bed={bed} />
    </ScrollCard>
  );
};

/** One input of the score: what was measured and how long ago, and the points it gave. */
const ScoreInput = ({ bed, name }: { readonly bed: LiveBed; readonly name: string }) => {
  const input = scoreInputs[name];
  const measured = useNow((nowUs) => {
    const reading = newestReading(bed.numerics, input?.codes ?? []);
    return reading === undefined ? '' : `${valueText(reading)} · ${ageText(nowUs - reading.atUs)}`;
  });
  const points = bed.score?.points[name];
  const scale = name === 'spo2' ? bed.score?.spo2Scale : undefined;
  const missing = bed.score?.missing.includes(name) === true;
  return (
    <li data-points={points ?? 'missing'}>
      <span>
        {input?.label ?? name}
        {scale === undefined ? null : <small data-spo2-scale={scale}> scale {scale}</small>}
      </span>
      <small>{measured}</small>
      <b>{points ?? (missing ? 'missing' : '—')}</b>
    </li>
  );
};

export const ScoreCard = ({ bed }: { readonly bed: LiveBed }) => {
  const { score } = bed;
  const { value, sentence, age } = JSON.parse(useNow((nowUs) => JSON.stringify(scoreWords(bed, nowUs)))) as ScoreWords;
  const inputs = [
    ...new Set([...Object.keys(scoreInputs), ...Object.keys(score?.points ?? {}), ...(score?.missing ?? [])]),
  ];
  return (
    <ScrollCard label="Score" look="card-score">
      <h3>
        {score?.name ?? 'NEWS2'} <small>{age === '' ? '' : age === 'now' ? 'said now' : `said ${age} ago`}</small>
      </h3>
      {score === null ? (
        <>
          <p className="card-empty">{sentence}</p>
          <RiskLine bed={bed} />
        </>
      ) : (
        <>
          <div className="score-total" data-live={value !== undefined}>
            <b>{value ?? '—'}</b>
            <span>{sentence}</span>
          </div>
          <RiskLine bed={bed} />
          <ul className="score-inputs" aria-label="Points of NEWS2">
            {inputs.map((name) => (
              <ScoreInput key={name} bed={bed} name={name} />
            ))}
          </ul>
        </>
      )}
    </ScrollCard>
  );
};

export const AlarmsCard = ({ bed }: { readonly bed: LiveBed }) => {
  const ask = useAsk();
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
            {wantsSomeone(alarm) ? (
              <button
                type="button"
                data-act
                className="act"
                onClick={() => ask({ kind: 'acknowledge', bed, alarms: [alarm] })}
              >
                Acknowledge<span className="unseen"> {alarm.label}</span>
              </button>
            ) : null}
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
              <time>{momentText(one.atUs, today)}</time>
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

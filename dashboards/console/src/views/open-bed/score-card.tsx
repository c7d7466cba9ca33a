import type { LiveBed } from '../../../../../schemas/live.ts';
import { newestReading, scoreInputs, valueText } from '../../logic/numbers/readings.ts';
import { scoreWords } from '../../logic/numbers/score-words.ts';
import { ageText } from '../../logic/time/age.ts';
import { useNow, useNowWhole } from '../use-console.ts';
import { RiskLine } from './risk-line.tsx';
import { ScrollCard } from './scroll-card.tsx';

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

/** NEWS2 and how it came about, input by input; under it the risk of sepsis. */
export const ScoreCard = ({ bed }: { readonly bed: LiveBed }) => {
  const { score } = bed;
  const { value, sentence, age } = useNowWhole((nowUs) => scoreWords(bed, nowUs));
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

/** The risk of sepsis in an open bed, under NEWS2: value and interval, horizon, age, what it leans on and what it is made of. */
import type { LiveBed } from '../../../../../schemas/live.ts';
import { intervalSentence, riskBasis, riskCauses, riskTitle, riskWords } from '../../logic/numbers/risk-words.ts';
import { useNowWhole } from '../use-console.ts';

export const RiskLine = ({ bed }: { readonly bed: LiveBed }) => {
  const { risk, analysedUs } = bed;
  const { value, interval, sentence, details, live } = useNowWhole((nowUs) => {
    if (risk === null)
      return { value: '—', interval: '', sentence: 'Nothing has been said yet.', details: [], live: false };
    const words = riskWords(risk, analysedUs, nowUs);
    const told = [riskCauses(risk, nowUs), riskBasis(risk, nowUs), intervalSentence(risk)];
    return { ...words, details: words.live ? told.filter(Boolean) : [] };
  });
  return (
    <div className="risk" data-risk={risk?.name ?? 'sepsis'} data-state={risk?.state ?? 'none'} data-live={live}>
      <h3>
        {riskTitle(risk ?? { name: 'sepsis', horizonHours: 6 })}{' '}
        <small>vital signs and laboratory values · for adults</small>
      </h3>
      <p>
        <b>{value}</b> {interval === '' ? null : <span className="risk-interval">{interval}</span>}{' '}
        <span>{sentence}</span>
      </p>
      {details.map((line) => (
        <small key={line.split(' ', 1)[0]}>{line}</small>
      ))}
    </div>
  );
};

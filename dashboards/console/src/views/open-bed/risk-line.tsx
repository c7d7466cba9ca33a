/** The risk of sepsis in an open bed, under NEWS2: value, horizon, age and what it is made of. */
import type { LiveBed } from '../../../../../schemas/live.ts';
import { riskBasis, riskTitle, riskWords } from '../../logic/numbers/risk-words.ts';
import { useNowWhole } from '../use-console.ts';

export const RiskLine = ({ bed }: { readonly bed: LiveBed }) => {
  const { risk, analysedUs } = bed;
  const { value, sentence, basis, live } = useNowWhole((nowUs) => {
    if (risk === null) return { value: '—', sentence: 'Nothing has been said yet.', basis: '', live: false };
    const words = riskWords(risk, analysedUs, nowUs);
    return { ...words, basis: words.live ? riskBasis(risk, nowUs) : '' };
  });
  return (
    <div className="risk" data-risk={risk?.name ?? 'sepsis'} data-state={risk?.state ?? 'none'} data-live={live}>
      <h3>
        {riskTitle(risk ?? { name: 'sepsis', horizonHours: 6 })}{' '}
        <small>vital signs and laboratory values · for adults</small>
      </h3>
      <p>
        <b>{value}</b> <span>{sentence}</span>
      </p>
      {basis === '' ? null : <small>{basis}</small>}
    </div>
  );
};

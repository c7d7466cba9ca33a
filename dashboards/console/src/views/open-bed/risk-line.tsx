/** The risk of sepsis in an open bed, under NEWS2: value, horizon, age and what it is made of. */
import type { LiveBed } from '../../../../../schemas/live.ts';
import { riskBasis, riskTitle, riskWords } from '../../logic/risk-words.ts';
import { useNow } from '../use-console.ts';

export const RiskLine = ({ bed }: { readonly bed: LiveBed }) => {
  const { risk, analysedUs } = bed;
  const [value, sentence, basis, live]: readonly [string, string, string, boolean] = JSON.parse(
    useNow((nowUs) => {
      if (risk === null) return JSON.stringify(['—', 'Nothing has been said yet.', '', false]);
      const words = riskWords(risk, analysedUs, nowUs);
      return JSON.stringify([words.value, words.sentence, words.live ? riskBasis(risk, nowUs) : '', words.live]);
    }),
  );
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

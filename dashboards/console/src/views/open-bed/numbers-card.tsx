import type { LiveBed } from '../../../../../schemas/live.ts';
import { inTableOrder, unitText, valueText } from '../../logic/numbers/readings.ts';
import { ageText, isStale } from '../../logic/time/age.ts';
import { useNowWhole } from '../use-console.ts';
import { Laboratory } from './laboratory.tsx';
import { ScrollCard } from './scroll-card.tsx';

/** Every number of the bed with its age and source, and the laboratory's under them. */
export const NumbersCard = ({ bed }: { readonly bed: LiveBed }) => {
  const numerics = inTableOrder(bed.numerics);
  const rows = useNowWhole((nowUs) =>
    numerics.map((numeric) => {
      const stale = isStale(numeric, nowUs);
      const value = numeric.value === null || stale ? '—' : valueText(numeric);
      const why = numeric.value === null ? `${numeric.missing ?? 'no value'} · ` : stale ? 'too old · ' : '';
      return { value, age: `${why}${ageText(nowUs - numeric.atUs)}`, live: value !== '—' };
    }),
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
            <tr key={`${numeric.code} ${numeric.by} ${numeric.source}`} data-live={rows[i]?.live}>
              <th scope="row">{numeric.label}</th>
              <td className="right">
                <b>{rows[i]?.value}</b> <small>{unitText(numeric.unit)}</small>
              </td>
              <td>{rows[i]?.age}</td>
              <td>{numeric.by === 'vigil' ? 'Vigil' : (numeric.source ?? 'monitor')}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Laboratory bed={bed} />
    </ScrollCard>
  );
};

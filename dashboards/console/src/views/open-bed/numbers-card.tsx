import type { LiveBed } from '../../../../../schemas/live.ts';
import { ageText, isStale } from '../../logic/age.ts';
import { inTableOrder, unitText, valueText } from '../../logic/readings.ts';
import { useNow } from '../use-console.ts';
import { Laboratory } from './laboratory.tsx';
import { ScrollCard } from './scroll-card.tsx';

/** Every number of the bed with its age and source, and the laboratory's under them. */
export const NumbersCard = ({ bed }: { readonly bed: LiveBed }) => {
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

/** The newest laboratory values of an open bed, each with the age of its specimen. */
import type { LiveBed } from '../../../../../schemas/live.ts';
import { laboratoryRows } from '../../logic/numbers/laboratory.ts';
import { useNowWhole } from '../use-console.ts';

export const Laboratory = ({ bed }: { readonly bed: LiveBed }) => {
  const rows = useNowWhole((nowUs) => laboratoryRows(bed.laboratory, nowUs));
  if (rows.length === 0) return null;
  return (
    <>
      {rows.some(({ isLaboratory }) => isLaboratory) ? (
        <h3>
          Laboratory <small>age of the specimen</small>
        </h3>
      ) : (
        <h3>Inspired oxygen</h3>
      )}
      <table data-laboratory>
        <thead>
          <tr>
            <th scope="col">Analyte</th>
            <th scope="col" className="right">
              Value
            </th>
            <th scope="col">Age</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ code, label, value, unit, age, live }) => (
            <tr key={code} data-live={live} data-analyte={label}>
              <th scope="row">{label}</th>
              <td className="right">
                <b>{value}</b> <small>{unit}</small>
              </td>
              <td>{age}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
};

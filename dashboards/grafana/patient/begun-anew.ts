/** Where all that is said of a bed begins anew: a bed is not a person, and curves do not show where one ends and the next begins. */
import { AnnotationQueryBuilder } from '@grafana/grafana-foundation-sdk/dashboard';
import { BEGUN_ANEW } from '../../../schemas/words.ts';
import { annotation, DATASOURCE } from '../influx-query.ts';
import { chosen, IN_RANGE, table } from '../influxql.ts';
import { colours } from '../look.ts';

/** Another patient, a bed that became free, a monitor that was taken away, a clock that was set back. Nobody's name: none is kept. */
export const begunAnew = (): AnnotationQueryBuilder => {
  const { columns, from } = table('notice');
  return new AnnotationQueryBuilder()
    .name('another patient, or begun anew')
    .datasource(DATASOURCE)
    .enable(true)
    .hide(false)
    .iconColor(colours.cuff)
    .target(
      annotation(
        `SELECT ${columns.why}, ${columns.kind} FROM ${from} WHERE ${chosen(columns.bed, 'bed')} AND ${columns.kind} = 'reset' AND ${columns.what} = '${BEGUN_ANEW}' AND ${IN_RANGE}`,
        'why',
        'kind',
      ),
    );
};

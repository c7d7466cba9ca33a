import { tagValue } from '../../../../../schemas/tag-value.ts';

/** The patient's dashboard in Grafana (dashboards/grafana), with this bed chosen, by the name that it has there; its range is the dashboard's own. */
export const historyAddress = (grafana: string, bed: string): string =>
  `${grafana}/d/vigil-patient?${new URLSearchParams({ 'var-bed': tagValue(bed) }).toString()}`;

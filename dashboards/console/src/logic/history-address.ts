/** The patient's dashboard in Grafana (dashboards/grafana), with this bed chosen; its range is the dashboard's own. */
export const historyAddress = (grafana: string, bed: string): string =>
  `${grafana}/d/vigil-patient?${new URLSearchParams({ 'var-bed': bed }).toString()}`;

/**
 * Parts of docker-compose.yml whose code is not in this repository yet. Delete a line when its code is there: the tests then
 * run that part as it stands in the file.
 */
export type Missing = 'health' | 'series' | 'influx' | 'grafana';

/** Settings that belong to the part that is missing. */
export const settingsOf: Readonly<Record<Missing, readonly string[]>> = {
  health: [],
  series: ['VIGIL_KEEP_RAW_DAYS', 'VIGIL_KEEP_MINUTES_DAYS', 'VIGIL_KEEP_ALARMS_DAYS'],
  influx: ['INFLUX_URL', 'INFLUX_TOKEN', 'INFLUX_ORG', 'INFLUX_BUCKET'],
  grafana: ['VIGIL_GRAFANA_URL'],
};

export const notYet: ReadonlySet<Missing> = new Set<Missing>([
  // `vigil health`, and a /healthz in every stage: until then only the front is asked, over HTTP.
  'health',
]);

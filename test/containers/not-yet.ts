/**
 * Parts of docker-compose.yml whose code is not in this repository yet. Delete a line when its code is there: the tests then
 * run that part as it stands in the file.
 */
export type Missing = 'health' | 'series' | 'influx' | 'grafana';

export const notYet: ReadonlySet<Missing> = new Set<Missing>([
  // `vigil health`, and a /healthz in every stage: until then only the front is asked, over HTTP.
  'health',
  // `vigil series`: until then that job counts as done.
  'series',
  // INFLUX_URL: until then the recorder runs without it and keeps its series in VIGIL_DATA_DIR.
  'influx',
  // dashboards/grafana/: until then nobody compares the mounts with the provisioning.
  'grafana',
]);

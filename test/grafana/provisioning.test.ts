import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { dashboards } from '../../dashboards/grafana/dashboards.ts';

const folder = resolve(import.meta.dirname, '../../dashboards/grafana/provisioning');
const provisioned = async (file: string): Promise<Record<string, Record<string, unknown>[]>> =>
  parse(await readFile(join(folder, file), 'utf8'), { strict: true, uniqueKeys: true });

/** Fields of a data source that Grafana's provisioning reads (docs: administration/provisioning). */
const DATASOURCE_FIELDS = [
  ...['name', 'uid', 'type', 'access', 'url', 'user', 'isDefault', 'editable', 'jsonData', 'secureJsonData'],
];
/** Fields of the InfluxDB data source (grafana-influxdb-datasource, src/types.ts), and a header of every HTTP one. */
const JSON_DATA_FIELDS = ['version', 'product', 'dbName', 'httpMode', 'httpHeaderName1'];
const PROVIDER_FIELDS = [
  ...[
    'name',
    'orgId',
    'folder',
    'folderUid',
    'type',
    'disableDeletion',
    'allowUiUpdates',
    'updateIntervalSeconds',
    'options',
  ],
];

describe('Grafana needs no clicks', () => {
  it.each(['datasources/vigil.yml', 'datasources-influxdb-1/vigil.yml'])(
    '%s has the one data source that every query of every dashboard names',
    async (file) => {
      const { datasources } = await provisioned(file);
      expect(datasources).toHaveLength(1);
      const [datasource] = datasources!;
      expect(Object.keys(datasource!).filter((field) => !DATASOURCE_FIELDS.includes(field))).toEqual([]);
      const settings = datasource!['jsonData'] as Record<string, unknown>;
      expect(Object.keys(settings).filter((field) => !JSON_DATA_FIELDS.includes(field))).toEqual([]);
      expect(datasource).toMatchObject({ type: 'influxdb', access: 'proxy', isDefault: true, editable: false });
      expect(settings).toMatchObject({ version: 'InfluxQL', dbName: 'vigil', httpMode: 'POST' });
      const named = JSON.stringify(dashboards()).match(/"datasource":\{[^}]*\}/g)!;
      expect(named.length).toBeGreaterThan(100);
      for (const each of named)
        expect(JSON.parse(`{${each}}`).datasource).toEqual({ type: 'influxdb', uid: datasource!['uid'] });
    },
  );

  it('reads its secrets from files and holds none', async () => {
    const [two] = (await provisioned('datasources/vigil.yml'))['datasources']!;
    expect(two!['jsonData']).toMatchObject({ httpHeaderName1: 'Authorization' });
    expect(two!['secureJsonData']).toEqual({ httpHeaderValue1: 'Token $__file{/run/secrets/influx-token}' });
    const [one] = (await provisioned('datasources-influxdb-1/vigil.yml'))['datasources']!;
    expect(one!['secureJsonData']).toEqual({ password: '$__file{/run/secrets/influx-password}' });
  });

  it('puts the dashboards into the folder Vigil, unchangeable', async () => {
    const { providers } = await provisioned('dashboards/vigil.yml');
    expect(providers).toHaveLength(1);
    expect(Object.keys(providers![0]!).filter((field) => !PROVIDER_FIELDS.includes(field))).toEqual([]);
    expect(providers![0]).toMatchObject({ folder: 'Vigil', type: 'file', allowUiUpdates: false });
    expect(providers![0]!['options']).toMatchObject({ path: '/etc/grafana/dashboards' });
  });
});

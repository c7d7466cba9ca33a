/**
 * The InfluxDB of docker-compose.yml: the protocol of 2.x (test/servers/influx2-door.ts) in front of a real 1.x server, set
 * up as the image would with the organisation and token of the file.
 */
import { ownInfluxForTests } from '../servers/influx.ts';
import { openInflux2Door } from '../servers/influx2-door.ts';

export interface SeriesServer {
  /** Where "http://influxdb:8086" is here. */
  readonly url: string;
  /** The 1.x server behind it, which is asked what it has. */
  readonly behind: string;
  readonly stop: () => Promise<void>;
}

export const startSeriesServer = async (org: string, token: string): Promise<SeriesServer> => {
  const influx = await ownInfluxForTests();
  if ('skipped' in influx) throw new Error(influx.skipped);
  const door = await openInflux2Door({ behind: influx.url, token, org });
  return {
    url: door.url,
    behind: influx.url,
    stop: async () => {
      await door.close();
      await influx.stop();
    },
  };
};

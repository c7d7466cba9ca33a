/**
 * The InfluxDB of docker-compose.yml: the protocol of 2.x (test/servers/influx2-door.ts) in front of a real 1.x server, set
 * up as the image would with the organisation and token of the file.
 */
import { ownInfluxForTests } from '../servers/influx.ts';

export interface SeriesServer {
  /** Where "http://influxdb:8086" is here. */
  readonly url: string;
  /** The 1.x server behind it, which is asked what it has. */
  readonly behind: string;
  readonly stop: () => Promise<void>;
}

interface Door {
  readonly url: string;
  readonly close: () => Promise<void>;
}
type OpenDoor = (options: { behind: string; token: string; org: string }) => Promise<Door>;

export const startSeriesServer = async (org: string, token: string): Promise<SeriesServer> => {
  // By name and not by `import`, because the door is not in this repository yet (see not-yet.ts).
  const path = '../servers/influx2-door.ts';
  const { openInflux2Door } = (await import(path)) as { openInflux2Door: OpenDoor };
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

import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { InfluxDB, RequestTimedOutError, setLogger, type WriteApi } from '@influxdata/influxdb-client';
import { type Tier, tierNames } from '../../../schemas/series.ts';
import { seriesErrorOf } from './influx-errors.ts';
import { authorizationOf, type InfluxPlace, TIMEOUT_MS_USUAL, writePathOf } from './influx-place.ts';

/** What one request holds at most. The server's own bound is 25 MB. */
const LINES_PER_REQUEST = 10_000;
const CHARACTERS_PER_REQUEST = 4_000_000;

export interface InfluxWriter {
  /** Resolves when the server has said that it keeps all lines. Rejects with a SeriesError. */
  readonly write: (tier: Tier, lines: readonly string[]) => Promise<void>;
  readonly close: () => void;
}

function* requestsOf(lines: readonly string[]): Generator<string[]> {
  let [first, characters] = [0, 0];
  for (let i = 0; i < lines.length; i++) {
    characters += lines[i]!.length;
    if (i + 1 - first < LINES_PER_REQUEST && characters < CHARACTERS_PER_REQUEST) continue;
    yield lines.slice(first, i + 1);
    [first, characters] = [i + 1, 0];
  }
  if (first < lines.length) yield lines.slice(first);
}

/**
 * Writes lines by InfluxDB's client, one write API for each tier. The client is told to try once and to keep nothing:
 * it would drop lines after five tries or 32,000 of them, and the log is a better spool.
 */
export const openWriter = (place: InfluxPlace): InfluxWriter => {
  setLogger({ error: () => undefined, warn: () => undefined }); // every failure is told by our own notices
  const { url } = place;
  const agent = url.startsWith('https:') ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const authorization = authorizationOf(place);
  const client = new InfluxDB({
    url,
    timeout: place.timeoutMs ?? TIMEOUT_MS_USUAL,
    transportOptions: { agent },
    headers: authorization === undefined ? {} : { authorization },
  });
  const options = {
    // Larger than any request of ours: the client would flush by itself at these bounds, and tell nobody of a failure.
    ...{ batchSize: LINES_PER_REQUEST + 1, maxBatchBytes: Number.MAX_SAFE_INTEGER },
    ...{ flushInterval: 0, maxRetries: 0, maxBufferLines: 0 },
    writeFailed: (error: Error) => {
      // A request that got no answer keeps its line occupied; only cutting it ends that.
      if (error instanceof RequestTimedOutError) agent.destroy();
      return Promise.reject(error);
    },
  };
  const apis = new Map<Tier, WriteApi>();
  for (const tier of tierNames) {
    const api = client.getWriteApi('', '', 'ns', options);
    api.path = writePathOf(place, tier);
    apis.set(tier, api);
  }
  return {
    write: async (tier, lines) => {
      const api = apis.get(tier)!;
      try {
        for (const request of requestsOf(lines)) {
          // Both in one breath: what another write puts in meanwhile must not share this flush.
          api.writeRecords(request);
          await api.flush();
        }
      } catch (cause) {
        throw seriesErrorOf(place, cause);
      }
    },
    close: () => {
      for (const api of apis.values()) void api.close();
      agent.destroy();
    },
  };
};

/**
 * A recorder in a process of its own, to be killed: `node recorder-child.ts LOG SERIES`. Says a line for every batch whose
 * position was stored, and another for every write that the store has but whose position was not.
 */
import * as E from 'fp-ts/lib/Either.js';
import { openSqliteEventLog } from '../../services/adapters/embedded/sqlite-event-log.ts';
import { openSqliteSeriesStore } from '../../services/adapters/embedded/sqlite-series-store.ts';
import { makeRecorder } from '../../services/recorder/recorder.ts';

const [logPath, seriesPath] = process.argv.slice(2) as [string, string];
const log = await openSqliteEventLog({ path: logPath, leaseMs: 1_000 });
const store = await openSqliteSeriesStore({ path: seriesPath });
await makeRecorder({
  lingerMs: 0,
  log: { ...log, join: (reader) => log.join({ ...reader, recordsPerBatchMax: 7 }) },
  store: {
    ...store,
    write: (what) => async () => {
      const written = await store.write(what)();
      if (E.isRight(written)) console.log('written');
      return written;
    },
  },
  onNotice: ({ tag }) => tag === 'Settled' && console.log('settled'),
});

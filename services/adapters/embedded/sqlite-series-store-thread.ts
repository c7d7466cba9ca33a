/** The series store's own thread: SQLite blocks, and nothing else may wait for it. Questions are answered in order. */
import { parentPort, workerData } from 'node:worker_threads';
import { yieldToAlarms } from '../../loop/yield-to-alarms.ts';
import { seriesErrorOf } from './sqlite-series-store-file.ts';
import type { SeriesAsk, SeriesThreadSettings, SeriesTold } from './sqlite-series-store-messages.ts';
import { openSeriesPlace, type SeriesPlace } from './sqlite-series-store-place.ts';

yieldToAlarms();
const settings = workerData as SeriesThreadSettings;
const port = parentPort!;
const tell = (told: SeriesTold): void => port.postMessage(told);

/** What is kept must lie where it is looked for; what is read lies in what is open. */
const KEEPING: readonly SeriesAsk['what'][] = ['write', 'rollUp', 'hold', 'release', 'purge'];

const serve = (place: SeriesPlace): void => {
  port.on('message', ({ id, what, ask }: SeriesAsk) => {
    try {
      const file = KEEPING.includes(what) ? place.lying() : place.file();
      const answer = file[what] as (asked: typeof ask) => unknown;
      tell({ told: 'answer', id, value: answer(ask) });
    } catch (cause) {
      tell({ told: 'failed', id, error: seriesErrorOf(settings.path, cause) });
    }
    if (what === 'close') port.close();
  });
};

try {
  serve(openSeriesPlace(settings));
  tell({ told: 'opened' });
} catch (cause) {
  tell({ told: 'refused', error: seriesErrorOf(settings.path, cause) });
}

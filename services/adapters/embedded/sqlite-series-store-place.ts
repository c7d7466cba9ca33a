import type { SeriesError } from '../../ports/series-store.ts';
import { fileIdentity } from './file-identity.ts';
import { openSeriesFile, type SeriesFile } from './sqlite-series-store-file.ts';
import type { SeriesThreadSettings } from './sqlite-series-store-messages.ts';

/** The store's file where it should lie. An open file that was removed takes writes as ever, and nobody could read them afterwards. */
export interface SeriesPlace {
  /** The file that is open. */
  readonly file: () => SeriesFile;
  /** The file that lies at the path. @throws a SeriesError once where it is another than before: it is open by then. */
  readonly lying: () => SeriesFile;
}

const replaced = (path: string): SeriesError => ({
  tag: 'StoreReplaced',
  retriable: true,
  sentence: `the series store ${path} was removed or replaced while Vigil ran: what it had kept is gone with it, holds too. What comes is kept in the file that lies there now; to have the old one back, stop Vigil and put back a backup`,
});

/** @throws what `openSeriesFile` throws. */
export const openSeriesPlace = (settings: SeriesThreadSettings): SeriesPlace => {
  const { path } = settings;
  let file = openSeriesFile(settings);
  let identity = fileIdentity(path);
  return {
    file: () => file,
    lying: () => {
      if (identity === undefined || fileIdentity(path) === identity) return file;
      // First the new one: where it cannot be opened, the next write tries again.
      const next = openSeriesFile(settings);
      file.close();
      file = next;
      identity = fileIdentity(path);
      throw replaced(path);
    },
  };
};

import type { SeriesError } from '../ports/series-store.ts';
import { configOrMistakes } from './arguments.ts';
import { failed, misused, type Terminal } from './outcome.ts';

/** Creates what the series lie in at the InfluxDB server, and sets how long each tier is kept. */
export const seriesCommand = async (options: { readonly config?: string }, terminal: Terminal): Promise<void> => {
  const config = configOrMistakes(options.config);
  if (config.influx === undefined)
    throw misused('There is no InfluxDB: set INFLUX_URL. The embedded series need nothing created.');
  const { createTiers } = await import('../adapters/influx/create-tiers.ts');
  try {
    const { created, changed, leftAlone, held } = await createTiers(config.influx, config.keepDays);
    if (created.length > 0) terminal.side(`Created: ${created.join(', ')}`);
    for (const what of changed) terminal.side(`Changed: ${what}`);
    if (leftAlone.length > 0) terminal.side(`There already: ${leftAlone.join(', ')}`);
    if (held)
      terminal.side(
        'Holds stand (vigil hold list): InfluxDB keeps everything, and the recorder deletes what is over its days and not held.',
      );
  } catch (cause) {
    throw failed((cause as SeriesError).sentence);
  }
};

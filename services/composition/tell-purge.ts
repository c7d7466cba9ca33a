import type { Moment } from '../../schemas/units.ts';
import type { Journal } from '../logging/journal.ts';
import type { Meters } from '../metrics/meters.ts';
import type { PurgeNotice } from '../recorder/purge-rounds.ts';

const iso = (us: Moment): string => new Date(us / 1e3).toISOString();

/**
 * The purge in the journal and the metrics. A hold is told by its number and bed; why it was placed may name a person and
 * stays with who and when in the store (`vigil hold list --all`).
 */
export const tellPurge = (journal: Journal, meters: Meters) => (notice: PurgeNotice) => {
  switch (notice.tag) {
    case 'Purged': {
      const { what, until, gone, held, tookMs } = notice.purged;
      if (gone !== undefined) meters.seriesPurged.add(gone, what);
      // Nothing went and nothing stayed: the round's own line says so for all kinds.
      if (gone === 0 && held === 0) return undefined;
      return journal.info('series that were over their time were purged', {
        ...{ kind: what, until: iso(until), milliseconds: tookMs },
        ...(gone === undefined ? {} : { count: gone }),
        ...(held === undefined ? {} : { held }),
      });
    }
    case 'RoundOver': {
      const { kinds, gone, held, standing, tookMs } = notice;
      meters.seriesHolds.set(standing);
      if (kinds === 0) return undefined;
      return journal.info('a purge of the series is over', {
        ...{ holds: standing, milliseconds: tookMs },
        ...(gone === undefined ? {} : { count: gone }),
        ...(held === undefined ? {} : { held }),
      });
    }
    case 'RetentionChanged':
      return journal.info('InfluxDB keeps series for another time', { sentence: notice.sentence });
    case 'ClockDoubted':
      return journal.warn('the purge does not go by the clock', { sentence: notice.sentence });
    case 'HoldPlaced': {
      const { id, bed, from, to, at } = notice.hold;
      return journal.info(notice.news ? 'a hold was placed' : 'a hold stands', {
        ...{ hold: id, bed, from: iso(from), at: iso(at) },
        ...(to === undefined ? {} : { until: iso(to) }),
      });
    }
    case 'HoldReleased': {
      const { id, bed, released } = notice.hold;
      return journal.info('a hold was released', { hold: id, bed, ...(released ? { at: iso(released.at) } : {}) });
    }
    case 'PurgeFailed':
      meters.seriesPurgeFailures.add();
      return journal.error(
        'series were not purged: what is over its time stays, and the next round, within an hour, takes it',
        { sentence: notice.sentence },
      );
  }
};

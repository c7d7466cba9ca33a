import * as TE from 'fp-ts/lib/TaskEither.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Priority } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import type { SeriesStore } from '../../services/ports/series-store.ts';
import { right } from '../right.ts';
import {
  alarm,
  at,
  frame,
  frames,
  LEADS,
  openPlace,
  type Place,
  recordAll,
  rejectedOn,
  secondsOf,
  span,
  startRecorder,
} from './ward.ts';

const BED = 'icu-04';
const ID = `${BED}/vt/40`;
/** What a device kept while its line was down, and sends behind the frames of now. */
const backfill = (from: number, to: number) => frames(BED, from, to, { retrospective: true, travelUs: 100e6 });

let place: Place;
beforeEach(async () => {
  place = await openPlace();
});
afterEach(() => place.close());

describe('waves that come after the strip of their alarm was closed', () => {
  const lineDown = async (): Promise<void> => {
    await place.say(...frames(BED, 0, 44), alarm(BED, 40), ...frames(BED, 140, 160));
    await recordAll(place);
    expect(await secondsOf(place.store, ID, LEADS[0]!)).toEqual(span(30, 44));
  };

  it('are kept in their place, also by a recorder that was started anew', async () => {
    await lineDown();
    await place.say(...backfill(44, 140), frame(BED, 160));
    await recordAll(place);
    for (const code of LEADS) expect(await secondsOf(place.store, ID, code)).toEqual(span(30, 50));
  });

  it('are not kept where no alarm was near, or one that has no strip', async () => {
    await lineDown();
    await place.say(alarm(BED, 100, { condition: 'ecg-noise', priority: Priority.LOW }));
    await recordAll(place);
    await place.say(...backfill(44, 140));
    await recordAll(place);
    expect(right(await place.store.waves({ bed: BED, from: at(50), to: at(140) })())).toEqual([]);
  });

  it('wait for a store that is away, and go to vigil.rejected where it does not answer for good', async () => {
    await lineDown();
    const asking = (tag: 'StoreUnavailable' | 'StoreRefused', times: number): SeriesStore => {
      let left = times;
      return {
        ...place.store,
        alarms: (range) =>
          left-- > 0 ? TE.left({ tag, retriable: tag !== 'StoreRefused', sentence: 'no' }) : place.store.alarms(range),
      };
    };
    const record = async (store: SeriesStore): Promise<void> => {
      const recorder = await startRecorder(place.log, store);
      await recorder.caughtUp();
      await recorder.stop();
    };
    await place.say(...backfill(44, 48));
    await record(asking('StoreUnavailable', 3));
    expect(await secondsOf(place.store, ID, LEADS[0]!)).toEqual(span(30, 48));
    await place.say(frame(BED, 48, { retrospective: true, travelUs: 100e6 }));
    await record(asking('StoreRefused', 1));
    expect(await rejectedOn(place.log)).toMatchObject([{ stage: 'recorder', code: 'store-refused' }]);
  });
});

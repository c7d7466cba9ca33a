/**
 * Goal: what the dashboards show is what was, from the monitor to the page, with nothing in between left out.
 * Method: a simulated ward is played through the real gateway, analysis, alarms and recorder into a real InfluxDB, so fast
 * that it catches up with the clock of the world; then every query of every panel, annotation and variable is asked of
 * each bed, as Grafana would ask, and the answer is held against what the log has: point for point, gap for gap. A query of
 * which nobody says what the log has of it fails, and so does one that is empty for every bed.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UIDS } from '../../dashboards/grafana/links.ts';
import { tiers } from '../../schemas/series.ts';
import { moment } from '../../schemas/units.ts';
import { createTiers } from '../../services/adapters/influx/create-tiers.ts';
import { type LogInAFolder, logInAFolder } from '../gateway/log-in-a-folder.ts';
import { type Answer, answerTo, type Query, queries } from './asked-queries.ts';
import { type AskedStore, openAskedStore } from './asked-store.ts';
import { alarmBurdenChecks } from './simulated-ward/alarm-burden.ts';
import { asked, type Checks, type Played, pagesOf } from './simulated-ward/check.ts';
import { engineChecks } from './simulated-ward/engine.ts';
import { changes, readLog } from './simulated-ward/logged.ts';
import { patientChecks } from './simulated-ward/patient.ts';
import { openPlay, type Play } from './simulated-ward/play.ts';
import { type Stages, startStages } from './simulated-ward/stages.ts';
import { isClear, wardChecks } from './simulated-ward/ward.ts';

/** All that befalls the beds befalls them in it. */
const PLAYED_S = 340;
const checks: Checks = { ...wardChecks, ...patientChecks, ...alarmBurdenChecks, ...engineChecks };

const influx = await openAskedStore('simulated');
const skipped = 'skipped' in influx ? influx.skipped : undefined;

const isOfNow = ({ dashboard }: Query): boolean => dashboard.uid === UIDS.ward;
/** The limits of the ward are seconds: on a busy machine a question may come too late for them, and is asked again. */
const QUESTIONS_MOST = 20;

const isFilled = ({ format }: Query, { rows, curves }: Answer): boolean =>
  format === 'table' ? rows.rows.length > 0 : curves.some(({ points }) => points.some(([, value]) => value !== null));

describe.skipIf(skipped !== undefined)(
  `the dashboards of a simulated ward, on a real InfluxDB${skipped ? ` (skipped: ${skipped})` : ''},`,
  () => {
    const { ask, place, store, discard } = influx as AskedStore;
    let folder: LogInAFolder;
    let stages: Stages;
    let play: Play;
    let played: Played;

    /** Plays on until the ward's clock is the world's, and waits until it is recorded. */
    const hearNow = async (): Promise<void> => {
      for (let end = 0; Date.now() - end > 1_000; ) {
        end = Date.now();
        await play.to(moment(end * 1e3));
      }
      await stages.recorded();
    };

    beforeAll(async () => {
      const { raw, minutes, alarms } = tiers;
      await createTiers(place, { raw: raw.daysUsual, minutes: minutes.daysUsual, alarms: alarms.daysUsual });
      folder = await logInAFolder();
      stages = await startStages(folder.log, store);
      const fromMs = (Math.floor(Date.now() / 1e3) - PLAYED_S) * 1e3;
      play = await openPlay(folder.log, stages, moment(fromMs * 1e3));
      await hearNow();
      played = { logged: await readLog(folder.log), fromMs, toMs: Math.floor(Date.now() / 1e3) * 1e3 };
    }, 300_000);
    afterAll(async () => {
      await play.stop();
      await stages.stop();
      await folder.discard();
      await discard();
    });

    it('have no query of which nobody says what the log has of it, and none is said of a query that is not there', () => {
      expect(queries.map(({ name }) => name).toSorted()).toEqual(Object.keys(checks).toSorted());
    });

    it('tell of a ward on which enough happened', () => {
      const begun = new Set(changes(played.logged).map(({ condition }) => condition));
      expect([...begun]).toEqual(
        expect.arrayContaining([
          ...['vt', 'vf', 'asystole', 'af', 'lead-off', 'no-signal', 'spo2-desaturation', 'ecg-noise'],
        ]),
      );
      expect(changes(played.logged).filter(({ transition: { by } }) => by === 'Nurse Kim').length).toBeGreaterThan(5);
    });

    it.each(queries.filter((query) => !isOfNow(query)))('$name', async (query) => {
      let filled = 0;
      for (const page of pagesOf(checks[query.name]!, played)) {
        const answer = await answerTo(ask, query, page);
        if (isFilled(query, answer)) filled++;
        checks[query.name]!.holds(asked(query, page, answer), played);
      }
      if (checks[query.name]!.emptyBecause === undefined) expect(filled).toBeGreaterThan(0);
      else expect(filled).toBe(0);
    });

    it.each(queries.filter(isOfNow))('$name, now', async (query) => {
      for (let questions = 1; ; questions++) {
        await hearNow();
        const page = { fromMs: played.fromMs, toMs: Date.now(), chosen: {} };
        const answer = await answerTo(ask, query, page);
        const answeredMs = Date.now();
        const now: Played = { logged: await readLog(folder.log), fromMs: page.fromMs, toMs: answeredMs };
        if (!isClear(now.logged, page.toMs, answeredMs) && questions < QUESTIONS_MOST) continue;
        checks[query.name]!.holds(asked(query, page, answer), now);
        expect(isFilled(query, answer)).toBe(true);
        break;
      }
    });
  },
);

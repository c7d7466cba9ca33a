/**
 * Goal: a part that is killed loses, doubles and changes nothing: not on the log, not at a console, not in the series.
 * Method: a small ward plays into a distributed Vigil on a real Kafka, its series into a real InfluxDB; front, analysis, alarms and recorder are killed with
 * SIGKILL in an order and at moments drawn from a seed, each started again at once. The log is then compared byte for byte
 * with what the stages say undisturbed of the same telemetry, the console's transitions with those on the log, and the
 * recorder's store point for point with that of a fresh recorder. `npm run disturb` is the same for three minutes and 50 beds.
 */
import { afterAll, describe, expect, it } from 'vitest';
import { VIGIL_BED } from '../../schemas/engine.ts';
import { diceFrom } from '../../stream-models/dice.ts';
import { bedNames, framesIn, playLoad } from '../bench/load.ts';
import { killAndRestart } from '../disturbed/disturbances.ts';
import { recordingOf } from '../disturbed/recording.ts';
import { audit, comeToRest, discharge, lateness, openWard, partNames, type Ward } from '../disturbed/ward.ts';
import { influxForTests } from '../servers/influx.ts';
import { kafkaForTests } from '../servers/kafka.ts';

const kafka = await kafkaForTests();
const influx = await influxForTests();
const skipped = [kafka, influx].flatMap((server) => ('skipped' in server ? [server.skipped] : [])).join('; ');
const SEED = 1;
const BEDS = 12;
const LENGTH_S = 45;
/** The first is killed after so long, the others one after the other in what remains. */
const FIRST_S = 8;

describe.skipIf(skipped !== '')(
  `a ward on Kafka and InfluxDB whose parts are killed${skipped === '' ? '' : ` (skipped: ${skipped})`}`,
  () => {
    let ward: Ward | undefined;
    afterAll(async () => {
      await ward?.close();
      for (const server of [kafka, influx]) if (!('skipped' in server)) await server.stop();
    });

    it(`says, shows and records what it would have without (seed ${SEED})`, async () => {
      if ('skipped' in kafka || 'skipped' in influx) return;
      ward = await openWard(kafka.brokers, influx.url);
      const random = diceFrom(SEED).unit;
      const order = partNames.toSorted(() => random() - 0.5);
      const load = playLoad(BEDS, LENGTH_S, `ws://${ward.address}`);
      const startedMs = Date.now();
      for (const [i, part] of order.entries()) {
        const atS = FIRST_S + ((LENGTH_S - FIRST_S) * (i + random())) / order.length;
        await new Promise((due) => setTimeout(due, startedMs + atS * 1e3 - Date.now()));
        await killAndRestart(ward, part);
      }
      await load.finished;
      await discharge(ward, BEDS);
      await comeToRest(ward);
      const beds = bedNames(BEDS);
      const found = await audit(
        ward,
        beds.map((bed) => ({ bed, frames: framesIn(LENGTH_S) })),
      );
      expect(found).toMatchObject({
        frames: [],
        findings: [],
        inputs: [],
        alarms: [],
        console: { lost: [], extra: [] },
      });
      expect(found.counts.transitions).toBeGreaterThan(BEDS);
      expect(found.counts.findings).toBeGreaterThan(BEDS * LENGTH_S);
      const { lost, unplanned, planned } = lateness(load.planned, ward);
      expect({ lost, unplanned }).toEqual({ lost: 0, unplanned: 0 });
      expect(planned).toBeGreaterThan(BEDS / 2);
      expect(ward.console.sessions()).toBeGreaterThan(1);
      expect(ward.console.unresumed()).toBe(0);
      const recording = await recordingOf(ward, [...beds, VIGIL_BED]);
      expect(recording).toMatchObject({ lost: [], extra: [] });
      expect(Math.min(recording.points.numerics, recording.points.findings, recording.points.waves)).toBeGreaterThan(0);
      expect(recording.points.alarms).toBe(found.counts.alarmsApart);
    });
  },
);

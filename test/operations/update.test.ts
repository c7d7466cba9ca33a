/** The clinical engineer updates Vigil, and once goes back: what each says of the files that lie there, and what they keep. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { create, toBinary } from '@bufbuild/protobuf';
import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, it } from 'vitest';
import { MDC } from '../../schemas/codes.ts';
import { AlarmEventSchema } from '../../schemas/generated/vigil/v1/alarms_pb.ts';
import { encodeTelemetry } from '../../schemas/telemetry.ts';
import { moment } from '../../schemas/units.ts';
import { openSqliteEventLog } from '../../services/adapters/embedded/sqlite-event-log.ts';
import { openSqliteSeriesStore } from '../../services/adapters/embedded/sqlite-series-store.ts';
import { packSamples } from '../../services/ports/packed-samples.ts';
import { bedCheckpoint, partitionCheckpoint } from '../../services/runtime/checkpoints.ts';
import { frame } from '../gateway/frames.ts';
import { allOf } from '../gateway/log-in-a-folder.ts';
import { temporaryFolder } from '../recordings/made-record.ts';
import { runVigil, startVigil } from './vigil-process.ts';

const BED = 'icu-01';
const FRAMES = 5;
const AT_US = 1_767_225_600e6;
const EVENTS = ['vf', 'vt'];

/** Layout 1 of series.db: what a release before 2026-11 left behind. */
const SERIES_1 = `
  CREATE TABLE series (series INTEGER PRIMARY KEY, bed TEXT NOT NULL, code INTEGER NOT NULL, source TEXT NOT NULL,
    unit TEXT NOT NULL, UNIQUE (bed, code, source, unit));
  CREATE TABLE numerics (series INTEGER NOT NULL, at REAL NOT NULL, value REAL NOT NULL, PRIMARY KEY (series, at)) WITHOUT ROWID;
  CREATE TABLE findings (bed TEXT NOT NULL, at REAL NOT NULL, kind TEXT NOT NULL, bytes BLOB NOT NULL,
    PRIMARY KEY (bed, at, kind, bytes)) WITHOUT ROWID;
  CREATE TABLE alarms (place INTEGER PRIMARY KEY, bed TEXT NOT NULL, at REAL NOT NULL, digest BLOB NOT NULL,
    alarm TEXT NOT NULL, bytes BLOB NOT NULL, UNIQUE (bed, at, digest));
  CREATE TABLE strips (alarm TEXT NOT NULL, bed TEXT NOT NULL, source TEXT NOT NULL, code INTEGER NOT NULL, unit TEXT NOT NULL,
    start REAL NOT NULL, rate_numerator INTEGER NOT NULL, rate_denominator INTEGER NOT NULL, gain REAL NOT NULL,
    "offset" REAL NOT NULL, count INTEGER NOT NULL, samples BLOB NOT NULL, PRIMARY KEY (alarm, code, source, start)) WITHOUT ROWID;
  PRAGMA user_version = 1;
`;

const oldSeries = (folder: string): void => {
  const database = new DatabaseSync(join(folder, 'series.db'));
  database.exec(`PRAGMA journal_mode = WAL; ${SERIES_1}`);
  database.prepare('INSERT INTO series VALUES (1, ?, ?, ?, ?)').run(BED, MDC.spo2, 'monitor-1', '%');
  database.prepare('INSERT INTO numerics VALUES (1, ?, 97)').run(AT_US);
  EVENTS.forEach((alarm, place) => {
    const event = create(AlarmEventSchema, { bed: BED, atUs: AT_US, transition: { alarm, condition: alarm } });
    const bytes = toBinary(AlarmEventSchema, event);
    const digest = createHash('sha256').update(bytes).digest().subarray(0, 16);
    database.prepare('INSERT INTO alarms VALUES (?, ?, ?, ?, ?, ?)').run(place, BED, AT_US, digest, alarm, bytes);
  });
  const samples = Int16Array.of(1, 2, 3);
  database
    .prepare('INSERT INTO strips VALUES (?, ?, ?, ?, ?, ?, 250, 1, 1, 0, ?, ?)')
    .run('vf', BED, 'monitor-1', MDC.ecgII, 'mV', AT_US, samples.length, packSamples(samples));
  database.close();
};

/** A log with frames, with memories that another version kept, and without a topic that is new. */
const oldLog = async (folder: string): Promise<void> => {
  const path = join(folder, 'log.db');
  const log = await openSqliteEventLog({ path });
  const frames = Array.from({ length: FRAMES }, (_, n) => frame({ bed: BED, sequence: n + 1, device: n, hr: 72 }));
  const partition = log.partitionOf('vigil.telemetry', BED);
  const of = { stage: 'analysis', version: '0/last-release', partition };
  await log.append([
    ...frames.map((each) => ({ topic: 'vigil.telemetry', key: BED, value: encodeTelemetry(each) }) as const),
    bedCheckpoint(of, BED, BigInt(FRAMES), { remembered: 'otherwise' }),
    partitionCheckpoint(of, BigInt(FRAMES)),
  ])();
  await log.close();
  const database = new DatabaseSync(path);
  const { lane } = database.prepare("SELECT lane FROM lanes WHERE topic = 'vigil.engine'").get() as { lane: number };
  database.exec(`DROP TABLE lane_${lane}; DELETE FROM lanes WHERE lane = ${lane}`);
  database.close();
};

describe('an update', () => {
  it('goes on with the files of the release before, and says which bed begins anew', async () => {
    await using folder = await temporaryFolder();
    await oldLog(folder.path);
    oldSeries(folder.path);
    const vigil = startVigil(['start', '--no-simulate'], { VIGIL_DATA_DIR: folder.path, VIGIL_PORT: '0' });
    await vigil.says(/Vigil is at/);
    await vigil.says(/a bed starts from nothing/);
    expect(vigil.troubles('a bed starts from nothing')).toMatchObject([
      {
        ...{ stage: 'analysis', bed: BED },
        why: expect.stringMatching(
          /^its checkpoint is of version 0\/last-release, this is \S+; look at the monitor until/,
        ),
      },
    ]);
    expect(await vigil.stop()).toBe(0);

    const log = await openSqliteEventLog({ path: join(folder.path, 'log.db') });
    expect((await allOf(log, 'vigil.telemetry')).length).toBeGreaterThanOrEqual(FRAMES);
    expect(await log.extent('vigil.engine')).toHaveLength(1);
    await log.close();
    const store = await openSqliteSeriesStore({ path: join(folder.path, 'series.db') });
    const range = { bed: BED, from: moment(AT_US), to: moment(AT_US + 60e6) };
    const numbers = E.toUnion(await store.numerics({ ...range, code: MDC.spo2 })());
    expect(numbers).toMatchObject([{ value: 97, source: 'monitor-1' }]);
    expect(E.toUnion(await store.alarms(range)())).toMatchObject(EVENTS.map((alarm) => ({ transition: { alarm } })));
    expect(E.toUnion(await store.waves(range)())).toMatchObject([{ samples: Int16Array.of(1, 2, 3) }]);
    await store.close();
  });
});

describe('a downgrade', () => {
  it.each([
    { name: 'log.db', layout: 2, known: 1 },
    { name: 'series.db', layout: 4, known: 3 },
  ])(
    'is refused with a sentence when $name is of a newer release, and changes nothing',
    async ({ name, layout, known }) => {
      await using folder = await temporaryFolder();
      const path = join(folder.path, name);
      const database = new DatabaseSync(path);
      database.exec(`PRAGMA journal_mode = WAL; CREATE TABLE newer (thing); PRAGMA user_version = ${layout}`);
      database.close();
      const before = await readFile(path);
      const { code, said } = await runVigil(['start', '--no-simulate'], {
        VIGIL_DATA_DIR: folder.path,
        VIGIL_PORT: '0',
      });
      expect(code).toBe(1);
      expect(said).toContain(`${path} has layout ${layout}, this release knows ${known}: another release made it`);
      expect(said).toContain('nothing was changed. Start that release again, or choose another folder.');
      expect((await readFile(path)).equals(before)).toBe(true);
    },
  );
});

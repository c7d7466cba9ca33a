/**
 * How fast a log is: `node test/contracts/event-log-figures.ts sqlite|kafka [BROKERS]`. Not a test: it promises nothing.
 * The last figure is an open loop: 400 records of 1 kB a second (100 beds, 4 frames each), every one answered by a
 * reader group on a second handle with one output, timed from the append to the tail that sees the output.
 */
import * as TE from 'fp-ts/lib/TaskEither.js';
import { build } from 'hdr-histogram-js';
import { moment } from '../../schemas/units.ts';
import { startKafka } from '../servers/kafka.ts';
import { append, clockPasses, type LogUnderTest, reader } from './event-log-story.ts';
import { underTestAt } from './kafka-log-under-test.ts';
import { underTest as sqlite } from './sqlite-log-under-test.ts';

const [kind = 'sqlite', brokersGiven] = process.argv.slice(2);
const RECORDS_PER_S = 400;
const OPEN_LOOP_S = 20;
const now_us = (): number => (performance.timeOrigin + performance.now()) * 1e3;
const frame = (i: number, bytes: number) => {
  const value = new Uint8Array(bytes);
  new DataView(value.buffer).setFloat64(0, now_us());
  return { topic: 'vigil.telemetry', key: `bed-${i % 100}`, value } as const;
};
const perSecond = async (count: number, work: () => Promise<void>): Promise<number> => {
  const start = performance.now();
  await work();
  return Math.round(count / ((performance.now() - start) / 1e3));
};

const figures = async (underTest: LogUnderTest): Promise<void> => {
  const place = await underTest.newPlace();
  const log = await underTest.openAt(place);
  const other = await underTest.openAt(place);
  const batch = Array.from({ length: 500 }, (_, i) => frame(i, 600));
  const batches = await perSecond(100_000, async () => {
    for (let i = 0; i < 200; i++) await append(log, batch);
  });
  console.log(`appended in batches of 500 × 600 B, one after the other: ${batches}/s`);
  const single = await perSecond(20_000, async () => {
    await Promise.all(batch.flatMap((record) => Array.from({ length: 40 }, () => append(log, [record]))));
  });
  console.log(`20,000 appends of one record, all at once: ${single}/s`);
  const one = await perSecond(500, async () => {
    for (let i = 0; i < 500; i++) await append(log, [frame(i, 600)]);
  });
  console.log(`appends of one record, each after the one before: ${(1e3 / one).toFixed(2)} ms each`);

  const appended = build({ lowestDiscernibleValue: 1, highestTrackableValue: 60e6 });
  const reacted = build({ lowestDiscernibleValue: 1, highestTrackableValue: 60e6 });
  let seen = 0;
  await other.join({
    ...reader('figures'),
    startAt: 'end',
    react: ({ records }) =>
      TE.right({
        outputs: records.map(({ key, value }) => ({ topic: 'vigil.findings', key, value }) as const),
        settled: () => undefined,
      }),
  });
  await log.tail({
    topic: 'vigil.findings',
    from: new Map(),
    otherwise: 'beginning',
    onRecords: ({ records }) => {
      for (const { value } of records) {
        const said_us = new DataView(value.buffer, value.byteOffset).getFloat64(0);
        if (said_us < warm_us) continue;
        reacted.recordValue(Math.max(1, Math.round(now_us() - said_us)));
        seen++;
      }
    },
  });
  const start = performance.now();
  const warm_us = now_us() + 5e6;
  let asked = 0;
  let warmAsked = 0;
  while (performance.now() - start < (OPEN_LOOP_S + 5) * 1e3) {
    for (; asked < ((performance.now() - start) / 1e3) * RECORDS_PER_S; asked++) {
      const record = frame(asked, 1_000);
      const at = now_us();
      if (at >= warm_us) warmAsked++;
      append(log, [record]).then(() => (at < warm_us ? undefined : appended.recordValue(Math.round(now_us() - at))));
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  await clockPasses(moment(now_us() + 2e6));
  const line = (h: typeof appended): string =>
    [50, 99, 99.9].map((p) => `p${p} ${(h.getValueAtPercentile(p) / 1e3).toFixed(1)}`).join(', ');
  console.log(
    `open loop, ${RECORDS_PER_S}/s: append ${line(appended)} ms; append → reaction → seen ${line(reacted)} ms`,
  );
  console.log(`  ${warmAsked} appended, ${seen} outputs seen`);
  await Promise.all([log.close(), other.close()]);
  await underTest.discard(place);
};

if (kind === 'sqlite') await figures(sqlite);
else if (brokersGiven !== undefined) await figures(underTestAt(brokersGiven.split(',')));
else {
  const server = await startKafka();
  await figures(underTestAt(server.brokers)).finally(server.stop);
}

/**
 * Another process that reads a log, for the contract: `node event-log-child.ts MODULE PLACE ROLE GROUP`.
 * `copier` copies telemetry to findings until it is killed. `holder` says "holding" with its first batch, answers it
 * only when it is told to go on, and says which partitions are taken from it. `appender` appends 300 records of GROUP.
 */
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { append, copier, type LogUnderTest, reader, record } from './event-log-story.ts';

const [module, place, role, group] = process.argv.slice(2) as [string, string, string, string];
const { underTest } = (await import(pathToFileURL(module).href)) as { underTest: LogUnderTest };
const log = await underTest.openAt(place);

if (role === 'copier') {
  await copier(log, group);
} else if (role === 'appender') {
  for (let i = 0; i < 300; i++) await append(log, [record(group, `${i}`)]);
  await log.close();
} else {
  const goOn = new Promise<void>((resolve) => createInterface({ input: process.stdin }).once('line', () => resolve()));
  await log.join({
    ...reader(group),
    revoked: (partition) => console.log(`revoked ${partition}`),
    react: ({ records }) => {
      console.log('holding');
      const outputs = records.map(({ key }) => ({
        topic: 'vigil.findings' as const,
        key,
        value: new TextEncoder().encode('from a fenced reader'),
      }));
      return TE.fromTask(() => goOn.then(() => ({ outputs, settled: () => console.log('settled') })));
    },
  });
}

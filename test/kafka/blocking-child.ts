/**
 * A member of a group whose loop is really blocked: `node blocking-child.ts MODULE PLACE GROUP MS`. Copies telemetry to findings; at
 * a record "block" it stands still for so long before it answers. Says which partitions it has, what it settled, and when it
 * goes on.
 */
import { pathToFileURL } from 'node:url';
import * as TE from 'fp-ts/lib/TaskEither.js';
import { type LogUnderTest, reader, text } from '../contracts/event-log-story.ts';

const [module, place, group, ms] = process.argv.slice(2) as [string, string, string, string];
const { underTest } = (await import(pathToFileURL(module).href)) as { underTest: LogUnderTest };
const log = await underTest.openAt(place);
let blocks = true;

await log.join({
  ...reader(group),
  assigned: async (partition) => {
    console.log(`has ${partition}`);
    return undefined;
  },
  revoked: (partition) => console.log(`lost ${partition}`),
  react: ({ records }) => {
    if (blocks && records.some((record) => text(record) === 'block')) {
      blocks = false;
      console.log('blocks');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(ms));
      console.log('goes on');
    }
    const outputs = records.map(({ key, value }) => ({ topic: 'vigil.findings', key, value }) as const);
    return TE.right({ outputs, settled: () => console.log(`settled ${records.map(text).join(' ')}`) });
  },
});

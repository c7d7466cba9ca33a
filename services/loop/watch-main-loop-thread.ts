/** Looks at the beat of the main thread's loop, and ends the process when it stands still. Its log lines go past that loop. */
import { workerData } from 'node:worker_threads';
import { makeJournal } from '../logging/journal.ts';
import { beatOf } from './beat.ts';
import { endProcess } from './end-process.ts';
import { isStuck, LOOK_EVERY_MS, look, noLooks } from './stuck.ts';
import type { WatchData } from './watch-main-loop.ts';
import { whereMainStands } from './where.ts';

const ANSWERS_WITHIN_MS = 1_000;

const { beat, level, afterS } = workerData as WatchData;
const journal = makeJournal({ level, atOnce: true });
let looks = noLooks;

const timer = setInterval(async () => {
  looks = look(looks, beatOf(beat));
  if (!isStuck(looks, afterS)) return;
  clearInterval(timer);
  const where =
    (await whereMainStands(ANSWERS_WITHIN_MS)) ??
    'unknown, for it does not answer: as in a call outside JavaScript (a disk, a library)';
  journal.error('the loop of this process stands still; the process is ended so that it can be started anew', {
    milliseconds: afterS * 1e3,
    where,
    sentence:
      'Whoever runs it must start it again (restart policy); it goes on from the log. If it comes again, report the place named here',
  });
  await endProcess();
}, LOOK_EVERY_MS);

/**
 * A process whose loop is really blocked, for the tests: `node blocked-child.ts busy|call|slow|none SECONDS`. `busy` turns in
 * JavaScript for ever, `call` waits in a call outside it, `slow` blocks for less than the watch allows; then it says "alive", as it
 * does at once when nothing blocks it, and at every line that it is given.
 */
import { execFileSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { watchMainLoop } from '../../services/loop/watch-main-loop.ts';

const [how, seconds] = process.argv.slice(2);
const afterS = Number(seconds);
watchMainLoop('info', afterS);

const blockTheLoop = (): void => {
  if (how === 'call') execFileSync('sleep', ['20']);
  const until = performance.now() + (how === 'slow' ? (afterS / 2) * 1e3 : Number.POSITIVE_INFINITY);
  while (how !== 'none' && performance.now() < until);
};

// The watch must have seen the loop turn before it stands still.
setTimeout(() => {
  blockTheLoop();
  console.log('alive');
}, 1_200);
createInterface({ input: process.stdin }).on('line', () => console.log('alive'));

/**
 * How many peaks of strangers' recordings are called artefacts, in all and in the last 20 s before the monitor's alarm, by kind and
 * truth of the alarm (nothing was learned from them):
 *
 *   vigil replay --wfdb CINC2015_DIR --out OUT
 *   node test/accuracy/artefacts-before-alarms.ts CINC2015_DIR OUT
 */
import { ALARM_AT_S, replayedAlarms } from './replayed-alarms.ts';

const LAST_S = 20;

interface Count {
  peaks: number;
  artefacts: number;
  lastPeaks: number;
  lastArtefacts: number;
}

const counts = new Map<string, Count>();
for (const { alarm, isTrue, lines } of await replayedAlarms('artefacts-before-alarms.ts')) {
  const name = `${alarm}, ${isTrue}`;
  const count = counts.get(name) ?? { peaks: 0, artefacts: 0, lastPeaks: 0, lastArtefacts: 0 };
  counts.set(name, count);
  for (const { kind, at } of lines) {
    if (kind !== 'beat' && kind !== 'artefact') continue;
    const isLast = at >= ALARM_AT_S - LAST_S;
    count.peaks++;
    if (isLast) count.lastPeaks++;
    if (kind === 'beat') continue;
    count.artefacts++;
    if (isLast) count.lastArtefacts++;
  }
}
for (const [name, { peaks, artefacts, lastPeaks, lastArtefacts }] of [...counts].sort())
  console.log(`${name}: ${artefacts} of ${peaks} peaks, in the last ${LAST_S} s ${lastArtefacts} of ${lastPeaks}`);

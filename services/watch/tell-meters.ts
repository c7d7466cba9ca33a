import { conditionsOfVigil } from '../../schemas/conditions.ts';
import { partStateOf } from '../reports/part.ts';
import type { Self } from '../reports/self.ts';
import type { EngineMemory } from './engine-watch.ts';
import { clockOffsetUs, isSilent, keyOf } from './instances.ts';

/** This process's own parts. */
export const tellOwnParts = ({ meters, parts, name }: Self): void => {
  for (const part of parts.now()) meters.partState.set(partStateOf(part.state), name(), part.name);
};

/** How Vigil does, once a second, as figures. What is no longer known has no figure. */
export const tellMeters = (self: Self, memory: EngineMemory): void => {
  const { meters } = self;
  const own = keyOf(self);
  const { instances, lags, said, logAwayForS } = memory;
  const { processSilent, clockOffset, partState, groupLag, groupStill } = meters;
  for (const level of [processSilent, clockOffset, partState, groupLag, groupStill]) level.clear();
  for (const [key, each] of instances) {
    const silent = isSilent(each);
    meters.processSilent.set(silent ? 1 : 0, each.process);
    if (silent || logAwayForS !== undefined) continue;
    meters.clockOffset.set(clockOffsetUs(each) / 1e6, each.process);
    if (key !== own)
      for (const { name, state } of each.parts) meters.partState.set(partStateOf(state), each.process, name);
  }
  for (const { group, records, still } of lags) {
    meters.groupLag.set(records, group);
    meters.groupStill.set(still ? 1 : 0, group);
  }
  for (const condition of conditionsOfVigil) {
    const present = condition === 'log-away' ? logAwayForS !== undefined : said.has(condition);
    meters.conditionOfVigil.set(present ? 1 : 0, condition);
  }
  tellOwnParts(self);
};

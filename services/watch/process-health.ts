import type { HealthPart, HealthState } from '../reports/part.ts';
import { worstOf } from '../reports/part.ts';
import type { EngineMemory } from './engine-watch.ts';
import { clockIsOff, clockOffsetUs, type Instance, isSilent } from './instances.ts';

/** Another process of Vigil, as its reports tell it. */
export interface ProcessHealth {
  readonly process: string;
  readonly state: HealthState;
  /** Seconds since its newest report. */
  readonly ageS: number;
  readonly sentence: string;
  readonly stages: readonly string[];
  readonly version: string;
  readonly provider: string;
  readonly parts: readonly HealthPart[];
}

const healthOf = (each: Instance, logAwayForS: number | undefined): ProcessHealth => {
  const { process, stages, version, provider } = each;
  const silent = isSilent(each);
  const unheard = silent || logAwayForS !== undefined;
  const ageS = each.quietS + (logAwayForS ?? 0);
  // What a process said of its parts is not known any more once it is not heard.
  const parts = each.parts.map(
    ({ name, state, sentence }): HealthPart => ({
      ...{ name, ageS, state: unheard ? 'unknown' : state },
      sentence: unheard ? `last said: ${sentence}` : sentence,
    }),
  );
  const about = { process, ageS, stages, version, provider, parts };
  if (silent) return { ...about, state: 'failed', sentence: 'it no longer reports; start it again' };
  if (unheard) return { ...about, state: 'unknown', sentence: 'not heard while the log is away' };
  return { ...about, state: worstOf(parts.map(({ state }) => state)), sentence: 'it reports' };
};

/** Every process but the one that watches. */
export const processesHealth = ({ instances, logAwayForS }: EngineMemory, own: string): readonly ProcessHealth[] =>
  [...instances].filter(([key]) => key !== own).map(([, each]) => healthOf(each, logAwayForS));

/** The clocks of all processes against the log's. */
export const clocksPart = ({ instances }: EngineMemory): HealthPart => {
  const speaking = [...instances.values()].filter((each) => !isSilent(each));
  const wrong = speaking.filter(clockIsOff);
  const told = (state: HealthState, sentence: string): HealthPart => ({ name: 'clock', state, ageS: null, sentence });
  if (speaking.length === 0) return told('unknown', 'no report was heard yet');
  if (wrong.length === 0) return told('ok', `${speaking.length} processes agree with the log to a second`);
  const by = wrong.map((each) => `${each.process} by ${(clockOffsetUs(each) / 1e6).toFixed(1)} s`).join(', ');
  return told('degraded', `off from the log's clock: ${by}. Let NTP set the machines' clocks`);
};

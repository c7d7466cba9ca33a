import type { HealthPart, HealthState } from '../reports/part.ts';
import { worstOf } from '../reports/part.ts';
import type { EngineMemory } from './engine-watch.ts';
import { clockIsOff, clockOffsetUs, type Instance, isSilent } from './instances.ts';

/** Another process of Vigil, as its reports tell it. */
export interface ProcessHealth {
  readonly process: string;
  readonly state: HealthState;
  /** Seconds since its newest report, counted while the log could be heard. */
  readonly ageS: number;
  readonly sentence: string;
  readonly stages: readonly string[];
  readonly version: string;
  readonly provider: string;
  readonly parts: readonly HealthPart[];
}

const healthOf = (each: Instance): ProcessHealth => {
  const { process, stages, version, provider, quietS: ageS } = each;
  const silent = isSilent(each);
  // What a silent process said of its parts is no longer known.
  const parts = each.parts.map(
    ({ name, state, sentence }): HealthPart => ({
      ...{ name, ageS, state: silent ? 'unknown' : state },
      sentence: silent ? `last said: ${sentence}` : sentence,
    }),
  );
  const state = silent ? 'failed' : worstOf(parts.map((part) => part.state));
  const sentence = silent ? `it has said nothing for ${ageS} s` : 'it reports';
  return { process, state, ageS, sentence, stages, version, provider, parts };
};

/** Every process but the one that watches. */
export const processesHealth = ({ instances }: EngineMemory, own: string): readonly ProcessHealth[] =>
  [...instances].filter(([key]) => key !== own).map(([, each]) => healthOf(each));

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

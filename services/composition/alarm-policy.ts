import { seconds } from '../../schemas/units.ts';
import type { AlarmPolicy } from '../../stream-models/alarms/policy.ts';
import { delayOf, type Preset } from '../../stream-models/presets/preset.ts';
import { findPreset, presets } from '../../stream-models/presets/presets.ts';
import type { Config } from '../config.ts';

/** The preset of the configuration, which has been checked: a name that is not there is our mistake. */
export const presetOf = (name: string): Preset => {
  const preset = findPreset(name);
  if (preset === undefined) throw new Error(`no preset "${name}"; there are ${Object.keys(presets).join(', ')}`);
  return preset;
};

/** What is decided for every site. Delays come from the preset that is named on the condition itself, so that a change of preset rings by one rule. */
export const alarmPolicy: AlarmPolicy = {
  delayOf: (condition, preset) => delayOf(findPreset(preset) ?? presets.vigil, condition),
  audioPauseMax: seconds(120),
  newLesserDuringPause: 'stays silent',
};

/** The same with what this site has set: how long each step is asked before an alarm that nobody answers goes on. */
export const alarmPolicyOf = ({ escalateSeconds: { red, yellow } }: Pick<Config, 'escalateSeconds'>): AlarmPolicy => ({
  ...alarmPolicy,
  escalateAfter: {
    ...(red === 0 ? {} : { high: seconds(red) }),
    ...(yellow === 0 ? {} : { medium: seconds(yellow) }),
  },
});

import { seconds } from '../../schemas/units.ts';
import type { AlarmPolicy } from '../../stream-models/alarms/policy.ts';
import { delayOf, type Preset } from '../../stream-models/presets/preset.ts';
import { findPreset, presets } from '../../stream-models/presets/presets.ts';

/** The preset of the configuration, which has been checked: a name that is not there is our mistake. */
export const presetOf = (name: string): Preset => {
  const preset = findPreset(name);
  if (preset === undefined) throw new Error(`no preset "${name}"; there are ${Object.keys(presets).join(', ')}`);
  return preset;
};

/** Delays come from the preset that is named on the condition itself, so that a change of preset rings by one rule. */
export const alarmPolicy: AlarmPolicy = {
  delayOf: (condition, preset) => delayOf(findPreset(preset) ?? presets.vigil, condition),
  audioPauseMax: seconds(120),
  newLesserDuringPause: 'stays silent',
};

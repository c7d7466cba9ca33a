import { conditions, isCondition } from '../../schemas/conditions.ts';
import { seconds } from '../../schemas/units.ts';
import { DELAY_MAX, type Limit, type PopulationSettings, type Preset } from '../../stream-models/presets/preset.ts';

const limitMistakes = (where: string, { low, high, hysteresis }: Limit): readonly string[] => [
  ...(low !== undefined && high !== undefined && low >= high ? [`${where}: low ${low} is not below high ${high}`] : []),
  ...(hysteresis >= 0 ? [] : [`${where}: hysteresis ${hysteresis} is below 0`]),
];

const populationMistakes = (where: string, settings: PopulationSettings): readonly string[] => {
  const { rhythm } = settings;
  const mistakes = Object.entries(settings.limits).flatMap(([name, limit]) => limitMistakes(`${where} ${name}`, limit));
  if (!(rhythm.asystoleAfter >= seconds(3) && rhythm.asystoleAfter <= seconds(10)))
    mistakes.push(`${where}: asystole after ${rhythm.asystoleAfter / 1e6} s, must be 3 to 10 s`);
  if (!(rhythm.pauseAfter > 0 && rhythm.pauseAfter < rhythm.asystoleAfter))
    mistakes.push(`${where}: a pause must be shorter than asystole`);
  if (rhythm.vt.beats < 3 || rhythm.runBeats < 3 || rhythm.runBeats > rhythm.vt.beats)
    mistakes.push(`${where}: VT needs at least 3 V beats, and a run not more than VT`);
  if (rhythm.extremeBrady.perMinute >= rhythm.extremeTachy.perMinute)
    mistakes.push(`${where}: extreme brady ${rhythm.extremeBrady.perMinute} is not below extreme tachy`);
  if (rhythm.extremeBrady.beats < 2 || rhythm.extremeTachy.beats < 2)
    mistakes.push(`${where}: an extreme rate needs at least 2 beats`);
  return mistakes;
};

/** All mistakes of a preset at once, each in a sentence; empty when it may ship. */
export const presetMistakes = (preset: Preset): readonly string[] => {
  const mistakes = Object.entries(preset.populations).flatMap(([name, settings]) => populationMistakes(name, settings));
  for (const [condition, delay] of Object.entries(preset.delays)) {
    if (!isCondition(condition)) mistakes.push(`delay of ${condition}: there is no such condition`);
    else if (conditions[condition].priority === 'high' && delay > 0)
      mistakes.push(`delay of ${condition}: a red condition is never delayed`);
    if (!(delay >= 0 && delay <= DELAY_MAX))
      mistakes.push(`delay of ${condition} is ${delay / 1e6} s, must be 0 to ${DELAY_MAX / 1e6} s`);
  }
  return mistakes;
};

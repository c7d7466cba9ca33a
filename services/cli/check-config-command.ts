import { presetOf } from '../composition/alarm-policy.ts';
import { settingNames, settings } from '../config/settings.ts';
import { redacted } from '../config.ts';
import { configOrMistakes } from './arguments.ts';
import type { Terminal } from './outcome.ts';
import { rulesText } from './rules.ts';

/** Prints the checked configuration without secrets, or all of its mistakes (exit code 2); or the alarm rules that it chooses. */
export const checkConfigCommand = (
  options: { readonly config?: string; readonly settings?: boolean; readonly rules?: boolean },
  terminal: Terminal,
): void => {
  if (options.rules) {
    const { preset, rules } = configOrMistakes(options.config);
    for (const line of rulesText(presetOf(preset), rules)) terminal.out(line);
    return;
  }
  if (options.settings) {
    for (const name of settingNames) {
      const { env, key, meaning, allowed, usual } = settings[name];
      const usually = usual === undefined ? 'not set' : JSON.stringify(usual);
      terminal.out(`${env} ("${key}" in the file)\n    ${meaning}; ${allowed}; usually ${usually}`);
    }
    return;
  }
  terminal.out(JSON.stringify(redacted(configOrMistakes(options.config)), undefined, 2));
};

import type { Command } from 'commander';
import { examples } from './examples.ts';
import type { Terminal } from './outcome.ts';

/** `vigil evaluate alarms`. */
export const addEvaluateAlarms = (evaluate: Command, terminal: Terminal): void => {
  evaluate
    .command('alarms')
    .description("Judges monitors' alarms (CinC 2015): confirmed, refuted or undecided, and how right that was.")
    .requiredOption('--cinc2015 <folder>', 'WFDB records that end where an alarm rang; labels are not needed')
    .option('--verdicts <file>', 'where record,verdict,probability is written')
    .option('--out <folder>', 'where the report (text, JSON, HTML) and the verdicts with their reasons are written')
    .addHelpText('after', examples('vigil evaluate alarms --cinc2015 cinc2015 --verdicts verdicts.csv'))
    .action(async (options) => (await import('./evaluate-alarms-command.ts')).evaluateAlarmsCommand(options, terminal));
};

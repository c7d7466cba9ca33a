import { type Command, Option } from 'commander';
import { examples } from './examples.ts';
import type { Terminal } from './outcome.ts';

/** `vigil evaluate rhythm`. */
export const addEvaluateRhythm = (evaluate: Command, terminal: Terminal): void => {
  evaluate
    .command('rhythm')
    .description(
      'Replays recordings and says how right their rhythms were: VF, VT, asystole, AF by episodes; AF by record.',
    )
    .option('--wfdb <folder>', 'WFDB records with annotations of their rhythm (.atr)')
    .option('--cinc2017 <folder>', 'short records with REFERENCE.csv (CinC 2017)')
    .option('--out <folder>', 'where the report (text, JSON, HTML) is written')
    .addOption(new Option('--config <file>', 'configuration file (also VIGIL_CONFIG)'))
    .addHelpText('after', examples('vigil evaluate rhythm --wfdb vfdb --cinc2017 cinc2017 --out report'))
    .action(async (options) => (await import('./evaluate-rhythm-command.ts')).evaluateRhythmCommand(options, terminal));
};

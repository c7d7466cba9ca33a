import { type Command, Option } from 'commander';
import { wholeNumber } from './arguments.ts';
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

/** `vigil train rhythm`. */
export const addTrainRhythm = (train: Command, terminal: Terminal): void => {
  train
    .command('rhythm')
    .description('Trains the network of rhythm, cross-validated by patient.')
    .requiredOption(
      '--data <folder>',
      'folder of folders of WFDB records: with rhythm annotations (.atr), short ones with REFERENCE.csv, noise (bw, em, ma)',
    )
    .requiredOption('--out <folder>', 'where network, figures and checkpoints are written')
    .option('--seed <n>', 'the same seed gives the same network', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--epochs <n>', 'times through the data', wholeNumber(1, 10_000))
    .option('--folds <n>', 'parts of the cross-validation', wholeNumber(2, 50))
    .option('--copies <n>', 'changed copies of each recording with episodes', wholeNumber(0, 20))
    .option('--members <n>', 'networks that are joined into one', wholeNumber(1, 16))
    .option('--resume', 'go on where an interrupted run stopped')
    .addHelpText('after', examples('vigil train rhythm --data recordings --out out/rhythm'))
    .action(async (options) => (await import('./train-command.ts')).trainRhythmCommand(options, terminal));
};

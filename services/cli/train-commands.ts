import { type Command, Option } from 'commander';
import { MOTION_KINDS } from '../train/artefacts/made-motion.ts';
import { wholeNumber } from './arguments.ts';
import { examples } from './examples.ts';
import type { Terminal } from './outcome.ts';

/** `vigil train`. */
export const addTrain = (program: Command, terminal: Terminal): void => {
  const train = program.command('train').description('Trains a network in onnxruntime, from recordings.');
  addTrainBeats(train, terminal);
  addTrainArtefacts(train, terminal);
  addTrainDeterioration(train, terminal);
  addTrainRhythm(train, terminal);
  train.addHelpText('after', examples('vigil train beats --help'));
};

/** `vigil train beats`. */
const addTrainBeats = (train: Command, terminal: Terminal): void => {
  train
    .command('beats')
    .description('Trains the classifier of beats, cross-validated by patient.')
    .requiredOption('--data <folder>', 'WFDB records with reference annotations (.atr)')
    .requiredOption('--out <folder>', 'where networks, figures and the model card are written')
    .option('--seed <n>', 'the same seed gives the same network', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--epochs <n>', 'times through the data', wholeNumber(1, 10_000))
    .option('--folds <n>', 'parts of the cross-validation', wholeNumber(1, 50))
    .option('--copies <n>', 'changed copies of each recording, of each of three kinds', wholeNumber(0, 20))
    .option('--members <n>', 'networks that are joined into one', wholeNumber(1, 16))
    .option('--noise <folder>', 'WFDB noise recordings for the copies (bw, em, ma)')
    .option('--further <folder>', 'short WFDB records with REFERENCE.csv (CinC 2017): their usual beats are normal')
    .option(
      '--strangers <folder>',
      'WFDB records of which nothing need be known: what the last networks are sure of there teaches the first ones',
    )
    .option('--resume', 'go on where an interrupted run stopped')
    .addHelpText(
      'after',
      examples(
        'vigil train beats --data mitdb --out out/beats',
        'vigil train beats --data mitdb --out out/beats --resume',
      ),
    )
    .action(async (options) => (await import('./train-command.ts')).trainBeatsCommand(options, terminal));
};

/** `vigil train artefacts`. */
const addTrainArtefacts = (train: Command, terminal: Terminal): void => {
  train
    .command('artefacts')
    .description(
      'Trains the network that tells heart beats from artefacts of motion and muscle, cross-validated by patient.',
    )
    .requiredOption(
      '--data <folder>',
      'folder of folders of WFDB records: with beat annotations (.atr), with rhythm annotations alone, noise (bw, em, ma)',
    )
    .requiredOption('--out <folder>', 'where network, figures and checkpoints are written')
    .option('--seed <n>', 'the same seed gives the same network', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--epochs <n>', 'times through the data', wholeNumber(1, 10_000))
    .option('--folds <n>', 'parts of the cross-validation', wholeNumber(2, 50))
    .option(
      '--copies <n>',
      'noisy copies of each recording with beat annotations; of others half as many',
      wholeNumber(1, 20),
    )
    .addOption(
      new Option('--motion <kinds...>', 'kinds of made motion in copies beside recorded noise (default: none)').choices(
        MOTION_KINDS,
      ),
    )
    .option('--members <n>', 'networks that are joined into one', wholeNumber(1, 16))
    .option('--resume', 'go on where an interrupted run stopped')
    .addHelpText(
      'after',
      examples(
        'vigil train artefacts --data recordings --out out/artefacts',
        'vigil train artefacts --data recordings --out out/jolts --copies 5 --motion jolts pops rails bursts',
        'vigil train artefacts --data recordings --out out/artefacts --resume',
      ),
    )
    .action(async (options) => (await import('./train-command.ts')).trainArtefactsCommand(options, terminal));
};

/** `vigil train deterioration`. */
const addTrainDeterioration = (train: Command, terminal: Terminal): void => {
  train
    .command('deterioration')
    .description('Trains the network of deterioration (sepsis), cross-validated by patient.')
    .requiredOption('--data <file or folder>', 'stays as the CinC 2019 challenge has them, with SepsisLabel')
    .requiredOption('--out <folder>', 'where network, figures and checkpoints are written')
    .option('--seed <n>', 'the same seed gives the same network', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--epochs <n>', 'times through the data', wholeNumber(1, 10_000))
    .option('--folds <n>', 'parts of the cross-validation', wholeNumber(2, 50))
    .option('--members <n>', 'networks that are joined into one', wholeNumber(1, 16))
    .option('--resume', 'go on where an interrupted run stopped')
    .addHelpText(
      'after',
      examples(
        'vigil train deterioration --data cinc2019-a.csv --out out/deterioration',
        'vigil train deterioration --data cinc2019-a.csv --out out/deterioration --resume',
      ),
    )
    .action(async (options) => (await import('./train-command.ts')).trainDeteriorationCommand(options, terminal));
};

/** `vigil train rhythm`. */
const addTrainRhythm = (train: Command, terminal: Terminal): void => {
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

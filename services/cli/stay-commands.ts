import type { Command } from 'commander';
import { wholeNumber } from './arguments.ts';
import { examples } from './examples.ts';
import type { Terminal } from './outcome.ts';

/** `vigil score-stays`. */
export const addScoreStays = (program: Command, terminal: Terminal): void => {
  program
    .command('score-stays')
    .description('Says the risk of sepsis within six hours in every row of a file of ICU stays.')
    .requiredOption('--csv <file>', 'stays as the CinC 2019 challenge has them, one row per hour')
    .requiredOption('--out <file>', 'where PatientID,ICULOS,risk,alarm is written')
    .option('--model <file>', 'another network than the shipped one')
    .addHelpText('after', examples('vigil score-stays --csv stays.csv --out risks.csv'))
    .action(async (options) => (await import('./score-stays-command.ts')).scoreStaysCommand(options, terminal));
};

/** `vigil train deterioration`. */
export const addTrainDeterioration = (train: Command, terminal: Terminal): void => {
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

/** `vigil evaluate sepsis`. */
export const addEvaluateSepsis = (evaluate: Command, terminal: Terminal): void => {
  evaluate
    .command('sepsis')
    .description(
      'Utility, AUROC, AUPRC, calibration and alarm burden on labelled ICU stays, beside NEWS2, qSOFA and classical models.',
    )
    .requiredOption('--csv <file>', 'stays as the CinC 2019 challenge has them, with SepsisLabel')
    .option('--out <folder>', 'where sepsis.txt, sepsis.json and sepsis.html are written')
    .option('--model <file>', 'another network than the shipped one')
    .option('--seed <n>', 'of resamples and of the rows that comparators learn from', wholeNumber(0, 2 ** 31 - 1), 1)
    .option('--resamples <n>', 'of the bootstrap over stays', wholeNumber(0, 10_000), 200)
    .option('--network-only', 'without the comparators')
    .addHelpText('after', examples('vigil evaluate sepsis --csv stays.csv --out figures'))
    .action(async (options) => (await import('./evaluate-sepsis-command.ts')).evaluateSepsisCommand(options, terminal));
};

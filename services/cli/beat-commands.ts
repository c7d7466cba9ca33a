import type { Command } from 'commander';
import { gathered, wholeNumber } from './arguments.ts';
import { examples } from './examples.ts';
import type { Terminal } from './outcome.ts';

/** `vigil evaluate beats`. */
export const addEvaluateBeats = (evaluate: Command, terminal: Terminal): void => {
  evaluate
    .command('beats')
    .description('Plays annotated recordings through the live pipeline: QRS and beat classes by EC57, decision delay.')
    .requiredOption('--wfdb <folder>', 'WFDB records with reference annotations (.atr)')
    .option('--record <name>', 'only this record; may be given several times', gathered)
    .option('--out <folder>', 'where beats.txt, beats.json, beats.html and what the stages said are written')
    .option('--noise <folder>', 'a WFDB record of noise (em of nstdb) that is added from 5:00 on, as nst does')
    .option('--snr <dB>', 'with --noise: ratio of signal to noise', wholeNumber(-24, 48), 6)
    .option('--resamples <n>', 'of the bootstrap over records', wholeNumber(0, 10_000), 1_000)
    .option('--config <file>', 'configuration file (also VIGIL_CONFIG)')
    .addHelpText(
      'after',
      examples(
        'vigil evaluate beats --wfdb mitdb',
        'vigil evaluate beats --wfdb mitdb --out figures --noise nstdb-noise --snr 6',
      ),
    )
    .action(async (options) => (await import('./evaluate-beats-command.ts')).evaluateBeatsCommand(options, terminal));
};

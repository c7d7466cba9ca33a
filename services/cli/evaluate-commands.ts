import { type Command, Option } from 'commander';
import { gathered, wholeNumber } from './arguments.ts';
import { examples } from './examples.ts';
import type { Terminal } from './outcome.ts';

/** `vigil evaluate`. */
export const addEvaluate = (program: Command, terminal: Terminal): void => {
  const evaluate = program.command('evaluate').description('How right a network is, on data whose truth is known.');
  addEvaluateBeats(evaluate, terminal);
  addEvaluateSepsis(evaluate, terminal);
  addEvaluateAlarms(evaluate, terminal);
  addEvaluateRhythm(evaluate, terminal);
  evaluate.addHelpText('after', examples('vigil evaluate alarms --help', 'vigil evaluate sepsis --help'));
};

/** `vigil evaluate beats`. */
const addEvaluateBeats = (evaluate: Command, terminal: Terminal): void => {
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

/** `vigil evaluate sepsis`. */
const addEvaluateSepsis = (evaluate: Command, terminal: Terminal): void => {
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

/** `vigil evaluate alarms`. */
const addEvaluateAlarms = (evaluate: Command, terminal: Terminal): void => {
  evaluate
    .command('alarms')
    .description("Judges monitors' alarms (CinC 2015): confirmed, refuted or undecided, and how right that was.")
    .requiredOption('--cinc2015 <folder>', 'WFDB records that end where an alarm rang; labels are not needed')
    .option('--verdicts <file>', 'where record,verdict,probability is written')
    .option('--out <folder>', 'where the report (text, JSON, HTML) and the verdicts with their reasons are written')
    .addHelpText('after', examples('vigil evaluate alarms --cinc2015 cinc2015 --verdicts verdicts.csv'))
    .action(async (options) => (await import('./evaluate-alarms-command.ts')).evaluateAlarmsCommand(options, terminal));
};

/** `vigil evaluate rhythm`. */
const addEvaluateRhythm = (evaluate: Command, terminal: Terminal): void => {
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

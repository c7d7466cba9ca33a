import type { AlarmKind } from './claim.ts';
import type { AlarmModel } from './judge.ts';

/** Written by test/accuracy/fit-alarm-truth.ts; its data and figures are in CARD.md. */
export const alarmModels: Readonly<Record<AlarmKind, AlarmModel>> = {
  asystole: {
    terms: ['panel.gap', 'panel.usualGap', 'lead.least.strangeShare'],
    mean: [-1.000907, 0.004341211, 0.2759853],
    deviation: [0.796762, 1.000133, 0.3429066],
    weights: [2.479356, 0.3856357, -1.296976],
    bias: -2.997783,
    prior: 0.1852,
    refuteBelow: 0.1,
    confirmFrom: 0.5,
  },
  'extreme-brady': {
    terms: ['panel.slow5near', 'panel.slow5middle', 'pulse.mean.leastSwing'],
    mean: [0.08117618, 0.06292104, 0.6205741],
    deviation: [0.1916995, 0.1982535, 0.4884096],
    weights: [-1.188529, -1.781673, -1.288037],
    bias: 0.4163744,
    prior: 0.5085,
    refuteBelow: 0.1894,
    confirmFrom: 0.5,
  },
  'extreme-tachy': {
    terms: ['vote.fast5', 'panel.calm', 'joint.seen'],
    mean: [0.505738, 0.202131, 0.9505376],
    deviation: [0.1587993, 0.3328547, 0.1603918],
    weights: [-0.06102632, -1.141215, 0.969848],
    bias: 3.825008,
    prior: 0.9355,
    refuteBelow: 0.1894,
    confirmFrom: 0.5,
    deniedBelow: {
      term: 'panel.fast5most',
      value: 0.14,
    },
  },
  vt: {
    terms: [
      'vote.row',
      'vote.fast5',
      'joint.five2',
      'joint.agree',
      'wave.periodic.rise',
      'wave.peak',
      'pulse.least.living',
      'pulse.most.leastStrength',
    ],
    mean: [0.4229075, 0.158722, 0.5892194, 0.8042284, 0.2233854, 0.5293367, 0.7768728, 0.6986494],
    deviation: [0.5183882, 0.3504266, 0.5763692, 0.2451173, 0.170734, 0.1748492, 0.3309155, 0.2560766],
    weights: [1.252478, -0.3657508, 0.03526503, 0.6967758, 0.4931123, 0.7626833, 0.8075789, -0.7836721],
    bias: -2.036181,
    prior: 0.2599,
    refuteBelow: 0.1894,
    confirmFrom: 0.5,
  },
  vf: {
    terms: ['lead.best.fibrillation2', 'wave.fibrillation', 'pulse.most.living', 'panel.aliveGap'],
    mean: [-2.131716, -3.109719, 0.7911588, -0.8128765],
    deviation: [2.458128, 3.091324, 0.293925, 0.8989073],
    weights: [1.253004, 0.6110316, -0.5838031, 0.3637197],
    bias: -3.976567,
    prior: 0.1026,
    refuteBelow: 0.1,
    confirmFrom: 0.5,
  },
};

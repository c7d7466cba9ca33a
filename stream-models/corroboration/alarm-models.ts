import type { AlarmKind } from './claim.ts';
import type { AlarmModel } from './judge.ts';

/** Written by test/accuracy/fit-alarm-truth.ts; its data and figures are in CARD.md. */
export const alarmModels: Readonly<Record<AlarmKind, AlarmModel>> = {
  asystole: {
    terms: ['panel.gap', 'panel.usualGap', 'lead.least.strangeShare'],
    mean: [-0.9695246, 0.0216434, 0.2880626],
    deviation: [0.8531125, 1.012371, 0.3571611],
    weights: [2.495433, 0.5519436, -1.29641],
    bias: -2.984892,
    prior: 0.1852,
    refuteBelow: 0.1,
    confirmFrom: 0.5,
  },
  'extreme-brady': {
    terms: ['panel.slow5near', 'panel.slow5middle', 'pulse.mean.leastSwing'],
    mean: [0.08117618, 0.06292104, 0.6249881],
    deviation: [0.1916995, 0.1982535, 0.4841103],
    weights: [-1.188136, -1.781281, -1.306254],
    bias: 0.4402993,
    prior: 0.5085,
    refuteBelow: 0.1894,
    confirmFrom: 0.5,
  },
  'extreme-tachy': {
    terms: ['vote.fast5', 'panel.calm', 'joint.seen'],
    mean: [0.505738, 0.2121291, 0.944086],
    deviation: [0.1587993, 0.3401213, 0.1668573],
    weights: [0.02398662, -0.9748842, 1.120422],
    bias: 3.817373,
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
    mean: [0.4731278, 0.158722, 0.6074983, 0.8034818, 0.2233854, 0.5293367, 0.7775168, 0.6811372],
    deviation: [0.5107914, 0.3504266, 0.5887866, 0.2434949, 0.170734, 0.1748492, 0.3309643, 0.2230803],
    weights: [1.324105, -0.5878438, 0.1743294, 0.7256755, 0.568452, 0.6660817, 0.9387703, -0.9374023],
    bias: -2.182627,
    prior: 0.2599,
    refuteBelow: 0.1894,
    confirmFrom: 0.5,
  },
  vf: {
    terms: ['lead.best.fibrillation2', 'wave.fibrillation', 'pulse.most.living', 'panel.aliveGap'],
    mean: [-2.131716, -3.109719, 0.7888278, -0.788423],
    deviation: [2.458128, 3.091324, 0.3025859, 0.9398836],
    weights: [1.242245, 0.58366, -0.5809551, 0.3920978],
    bias: -3.952018,
    prior: 0.1026,
    refuteBelow: 0.1,
    confirmFrom: 0.5,
  },
};

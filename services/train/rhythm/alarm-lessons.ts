/**
 * What the seconds before a judged alarm teach. A true alarm of VT or fibrillation says that the rhythm was there, not when: it is
 * taught where a network that knows no alarm sees it most (learning from bags: Maron and Lozano-Pérez, NIPS 1997). Otherwise the
 * seconds were not red, and what else they were is left as that network sees it (self-training). A true asystole may end a fibrillation, and a true
 * tachycardia may be a VT: they teach nothing.
 */
import type { Weighted } from '../../../stream-models/network/joined.ts';
import { RHYTHM_CLASSES, type RhythmClass } from '../../../stream-models/rhythm-network/rhythm-classes.ts';
import type { AlarmedSequence, JudgedAlarm } from './alarmed-recordings.ts';
import { type AskedSequence, askRhythm } from './ask-rhythm.ts';
import type { RhythmSequence } from './rhythm-sequence.ts';

/** A true rhythm is taught where red is at least so probable in comparison with the second where it is most, … */
const SEEN_SHARE = 0.5;
/** … and VT, which may be a row of five beats, at most so many seconds from that one. */
const VT_AROUND_S = 2;
/** Probability spread over all classes: experts err. */
const TRUE_SMOOTHING = 0.03;
const FALSE_SMOOTHING = 0.01;

const CLASSES = RHYTHM_CLASSES.length;
const RED: readonly RhythmClass[] = ['vt', 'vf'];
const isRed = (place: number): boolean => RED.includes(RHYTHM_CLASSES[place]!);
const redOf = (probabilities: Float32Array, second: number): number =>
  RED.reduce((sum, name) => sum + probabilities[second * CLASSES + RHYTHM_CLASSES.indexOf(name)]!, 0);

type Lesson = 'vt' | 'vf' | 'not red' | 'nothing';

const lessonOf = ({ kind, isTrue }: JudgedAlarm): Lesson => {
  if (!isTrue || kind === 'extreme-brady') return 'not red';
  return kind === 'vt' || kind === 'vf' ? kind : 'nothing';
};

/** The sequences with what their seconds teach, as `teacher`, which learned from none of them, sees them. */
export const taughtByAlarms = async (
  teacher: Weighted,
  alarmed: readonly AlarmedSequence[],
): Promise<readonly RhythmSequence[]> => {
  const lessons = new Map(alarmed.map(({ sequence, alarm }) => [sequence, lessonOf(alarm)]));
  const asked = await askRhythm(teacher, [...lessons.keys()]);
  return asked.map((each) => taught(each, lessons.get(each.sequence)!));
};

const taught = (asked: AskedSequence, lesson: Lesson): RhythmSequence => {
  const { sequence } = asked;
  const empty = {
    labels: new Int8Array(sequence.labels.length).fill(-1),
    targets: new Float32Array(asked.probabilities.length),
  };
  const taughtSequence = { ...sequence, ...empty, weights: new Float32Array(sequence.labels.length).fill(1) };
  if (lesson === 'not red') teachNotRed(taughtSequence, asked);
  else if (lesson !== 'nothing') teachRed(taughtSequence, asked, lesson);
  return taughtSequence;
};

interface Taught {
  readonly labels: Int8Array;
  readonly targets: Float32Array;
}

const judgedSeconds = ({ sequence: { labels } }: AskedSequence): readonly number[] =>
  Array.from(labels.keys()).filter((second) => labels[second] !== -1);

/** Not VT and not VF: the teacher's probabilities of everything else. */
const teachNotRed = ({ labels, targets }: Taught, asked: AskedSequence): void => {
  for (const second of judgedSeconds(asked)) {
    const from = second * CLASSES;
    const rest = 1 - redOf(asked.probabilities, second);
    let likeliest = 0;
    for (let place = 0; place < CLASSES; place++) {
      const share = isRed(place) ? 0 : asked.probabilities[from + place]! / Math.max(rest, 1e-6);
      targets[from + place] = FALSE_SMOOTHING / CLASSES + (1 - FALSE_SMOOTHING) * share;
      if (targets[from + place]! > targets[from + likeliest]!) likeliest = place;
    }
    labels[second] = likeliest;
  }
};

const teachRed = ({ labels, targets }: Taught, asked: AskedSequence, name: 'vt' | 'vf'): void => {
  const seconds = judgedSeconds(asked);
  const red = (second: number): number => redOf(asked.probabilities, second);
  const most = seconds.reduce((best, second) => (red(second) > red(best) ? second : best), seconds[0] ?? 0);
  const place = RHYTHM_CLASSES.indexOf(name);
  for (const second of seconds) {
    const isSeen = red(second) >= SEEN_SHARE * red(most);
    if (!isSeen || (name === 'vt' && Math.abs(second - most) > VT_AROUND_S)) continue;
    labels[second] = place;
    targets.fill(TRUE_SMOOTHING / CLASSES, second * CLASSES, (second + 1) * CLASSES);
    targets[second * CLASSES + place]! += 1 - TRUE_SMOOTHING;
  }
};

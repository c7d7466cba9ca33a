/**
 * What one heart beat looks like in two ECG leads and in the pleth wave.
 *
 * The ECG is the dynamical model of McSharry, Clifford, Tarassenko and Smith (IEEE Trans Biomed Eng 50:289–294, 2003):
 * P, Q, R, S and T are Gaussian kicks at fixed angles of a limit cycle. With the kicks scaled by the angular velocity, as
 * Clifford, Nemati and Sameni do for abnormal rhythms (Physiol Meas 31:595–609, 2010), the model has the closed form
 * z = Σ a·exp(-Δθ²/2b²), so a beat is a shape that can be made once and added wherever a beat falls. Angles are turned to
 * times at 60/min; P and T then move and widen with the square root of the interval (Bazett), as in the authors' ecgsyn,
 * while QRS keeps its width. Shapes that the paper does not have (ventricular, V1) are of the same kind, with values of ours.
 */
export const ECG_HZ = 250;
export const PLETH_HZ = 125;
/** Samples of a shape before and after the R peak. */
export const BEFORE = 100;
export const AFTER = 150;
/** Samples of a pulse from its foot on. */
export const PULSE = 112;
/** From the R peak to the foot of the pulse at the finger. */
export const PULSE_DELAY_S = 0.2;

/** N: sinus beat; S: early atrial beat; A: conducted in fibrillation, without P; V: ventricular, wide, without P. */
export type BeatShape = 'N' | 'S' | 'A' | 'V';

interface Wave {
  readonly mv: number;
  readonly atS: number;
  readonly widthS: number;
  readonly movesWithRate: boolean;
}

const degrees = (mv: number, theta: number, b: number, movesWithRate: boolean): Wave => ({
  mv,
  atS: theta / 360,
  widthS: b / (2 * Math.PI),
  movesWithRate,
});
const at = (mv: number, atS: number, widthS: number, movesWithRate = false): Wave => ({
  mv,
  atS,
  widthS,
  movesWithRate,
});

// McSharry's angles and widths; heights a·b² of his a and b, scaled to an R wave of 1 mV.
const P = degrees(0.25, -70, 0.25, true);
const QRS = [degrees(-0.17, -15, 0.1, false), degrees(1, 0, 0.1, false), degrees(-0.25, 15, 0.1, false)];
const T = degrees(0.4, 100, 0.4, true);

// V1 sees the same beat as a small r and a deep S.
const QRS_V1 = [at(0.22, -0.012, 0.012), at(-0.95, 0.022, 0.017)];
const T_V1 = at(0.12, 0.27, 0.06, true);
const wide = [at(1.4, 0, 0.026), at(0.5, 0.05, 0.022), at(-0.4, 0.105, 0.024), at(-0.35, 0.28, 0.05, true)];
const wideV1 = [at(-1.2, 0.006, 0.028), at(-0.4, 0.055, 0.022), at(0.3, 0.28, 0.05, true)];

const wavesOf: Readonly<Record<BeatShape, readonly [readonly Wave[], readonly Wave[]]>> = {
  N: [
    [P, ...QRS, T],
    [{ ...P, mv: 0.06 }, ...QRS_V1, T_V1],
  ],
  S: [
    [{ ...P, mv: -0.12, atS: -0.14 }, ...QRS, T],
    [{ ...P, mv: 0.1, atS: -0.14 }, ...QRS_V1, T_V1],
  ],
  A: [
    [...QRS, T],
    [...QRS_V1, T_V1],
  ],
  V: [wide, wideV1],
};

const drawn = (waves: readonly Wave[], stretch: number): Float32Array => {
  const shape = new Float32Array(BEFORE + AFTER);
  for (const wave of waves) {
    const center = wave.atS * (wave.movesWithRate ? stretch : 1);
    const width = wave.widthS * (wave.movesWithRate ? stretch : 1);
    for (let i = 0; i < shape.length; i++) {
      const away = ((i - BEFORE) / ECG_HZ - center) / width;
      shape[i] = shape[i]! + wave.mv * Math.exp((-away * away) / 2);
    }
  }
  return shape;
};

const STRETCH_MIN = 0.55;
const STRETCH_STEP = 0.05;
const STRETCHES = 14;

type Leads = readonly [Float32Array, Float32Array];
const drawnForEveryRate = (shape: BeatShape): readonly Leads[] =>
  Array.from({ length: STRETCHES }, (_, i) => {
    const stretch = STRETCH_MIN + i * STRETCH_STEP;
    return [drawn(wavesOf[shape][0], stretch), drawn(wavesOf[shape][1], stretch)];
  });

const shapes: Readonly<Record<BeatShape, readonly Leads[]>> = {
  N: drawnForEveryRate('N'),
  S: drawnForEveryRate('S'),
  A: drawnForEveryRate('A'),
  V: drawnForEveryRate('V'),
};

/** Leads II and V1 in mV from BEFORE samples before the R peak on, for the interval that came before. */
export const beatShape = (shape: BeatShape, intervalS: number): Leads => {
  const step = Math.round((Math.sqrt(intervalS) - STRETCH_MIN) / STRETCH_STEP);
  return shapes[shape][Math.max(0, Math.min(STRETCHES - 1, step))]!;
};

/** A pulse wave with its dicrotic wave, height 1, 125 Hz, from the foot on. */
export const pulseShape: Float32Array = Float32Array.from({ length: PULSE }, (_, i) => {
  const t = i / PLETH_HZ;
  const systolic = Math.exp(-((t - 0.16) ** 2) / (2 * 0.062 ** 2));
  const dicrotic = 0.42 * Math.exp(-((t - 0.42) ** 2) / (2 * 0.085 ** 2));
  return systolic + dicrotic;
});

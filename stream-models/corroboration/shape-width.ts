/** Ticks of a beat's shape over which the QRS lies: -100 to +180 ms around the R peak. */
const FROM = 45;
const TO = 115;
const SHARE = 0.05;

/** How long the middle 90 % of the ups and downs of a QRS take, ticks of 4 ms: a width that needs no threshold. At least 1. */
export const shapeWidth = (shape: Float32Array): number => {
  let whole = 0;
  for (let i = FROM + 1; i < TO; i++) whole += Math.abs(shape[i]! - shape[i - 1]!);
  let passed = 0;
  let begin = FROM;
  for (let i = FROM + 1; i < TO; i++) {
    const before = passed;
    passed += Math.abs(shape[i]! - shape[i - 1]!);
    if (before < SHARE * whole) begin = i;
    if (passed >= (1 - SHARE) * whole) return Math.max(1, i - begin);
  }
  return TO - FROM;
};

/** A rate as numerator and denominator: 62.5 Hz is 125/2. Throws when a thousandth of a hertz does not tell it. */
export const rationalRate = (hertz: number): { readonly numerator: number; readonly denominator: number } => {
  for (let denominator = 1; denominator <= 1000; denominator++) {
    const numerator = Math.round(hertz * denominator);
    if (numerator > 0 && Math.abs(numerator / denominator - hertz) < 1e-9) return { numerator, denominator };
  }
  throw new RangeError(`${hertz} Hz is no whole number of thousandths`);
};

/** How the losses of several fits fell, epoch by epoch, as a picture that stands alone (SVG). */
export interface LossCurve {
  readonly label: string;
  /** One loss per epoch. */
  readonly losses: readonly number[];
}

const WIDTH = 640;
const HEIGHT = 360;
const LEFT = 56;
const BOTTOM = 40;
const TOP = 24;

/** Draws the curves over epochs; an empty picture without losses. */
export const lossPlot = (title: string, curves: readonly LossCurve[]): string => {
  const all = curves.flatMap(({ losses }) => losses);
  const most = Math.max(1e-9, ...all);
  const least = Math.min(most, ...all);
  const epochs = Math.max(2, ...curves.map(({ losses }) => losses.length));
  const x = (epoch: number): number => LEFT + ((epoch - 1) / (epochs - 1)) * (WIDTH - LEFT - 12);
  const y = (loss: number): number =>
    TOP + (1 - (loss - least) / Math.max(1e-9, most - least)) * (HEIGHT - TOP - BOTTOM);
  const lines = curves.map(({ label, losses }) => {
    const points = losses.map((loss, i) => `${x(i + 1).toFixed(1)},${y(loss).toFixed(1)}`).join(' ');
    const isFinal = label.startsWith('final');
    // One epoch makes no line.
    const dots =
      losses.length > 1
        ? ''
        : losses
            .map(
              (loss, i) =>
                `<circle cx="${x(i + 1).toFixed(1)}" cy="${y(loss).toFixed(1)}" r="3" fill="${isFinal ? '#b00' : '#567'}"/>`,
            )
            .join('');
    return `${dots}<polyline points="${points}" fill="none" stroke="${isFinal ? '#b00' : '#567'}" stroke-width="${isFinal ? 2 : 1}"><title>${label}</title></polyline>`;
  });
  const text = (at: string, words: string): string =>
    `<text ${at} font-family="sans-serif" font-size="12">${words}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}: loss by epoch"><rect width="100%" height="100%" fill="#fff"/>`,
    text(`x="${LEFT}" y="16"`, `${title}: loss by epoch (red: the fit that ships)`),
    text(`x="4" y="${TOP + 8}"`, most.toFixed(3)),
    text(`x="4" y="${HEIGHT - BOTTOM}"`, least.toFixed(3)),
    `<path d="M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - 12}" fill="none" stroke="#999"/>`,
    text(`x="${LEFT}" y="${HEIGHT - 12}"`, '1'),
    text(`x="${WIDTH / 2}" y="${HEIGHT - 12}"`, 'epoch'),
    text(`x="${WIDTH - 24}" y="${HEIGHT - 12}"`, String(epochs)),
    ...lines,
    '</svg>\n',
  ].join('\n');
};

/** A canvas emptied and made as sharp as the screen is; drawn on in CSS pixels. */
export interface FittedCanvas {
  readonly context: CanvasRenderingContext2D;
  readonly width: number;
  readonly height: number;
}

/** undefined: this browser draws nothing. */
export const fittedCanvas = (canvas: HTMLCanvasElement): FittedCanvas | undefined => {
  const context = canvas.getContext('2d');
  if (context === null) return undefined;
  const pixels = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  canvas.width = Math.round(width * pixels);
  canvas.height = Math.round(height * pixels);
  context.setTransform(pixels, 0, 0, pixels, 0, 0);
  return { context, width, height };
};

/** One sweep: canvas, lead, gain and the 1 mV mark. The painter draws; this only says where, and shows the scale in use. */
import { useEffect, useRef, useState } from 'react';
import { isEcgLead, signalOf } from '../../../../schemas/codes.ts';
import { delayOf, LATE_US } from '../logic/waves/play-head.ts';
import type { ShownScale } from '../waves/paint-strip.ts';
import { useBed, useConsole, useNow } from './use-console.ts';

const WAVE_TONES: Readonly<Record<number, string>> = { 150452: '#4fd8f0', 150032: '#ff7d7d' };
const colourOf = (code: number): string => (isEcgLead(code) ? '#3fe07f' : (WAVE_TONES[code] ?? '#d5dee5'));

const scaleWords = ({ code, scale, span }: ShownScale): string =>
  isEcgLead(code)
    ? `${scale.mmPerUnit} mm/mV`
    : signalOf(code)?.dimension === 'pressure'
      ? `${Math.round(span.low)}–${Math.round(span.high)} mmHg`
      : 'relative';

interface StripProps {
  readonly bed: string;
  /** undefined: the leading ECG of the bed. */
  readonly code?: number;
  readonly lineWidth: number;
}

export const Strip = ({ bed, code, lineWidth }: StripProps) => {
  const { painter, waves } = useConsole();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState<ShownScale>();
  useEffect(() => {
    if (canvas.current === null) return;
    return painter.add({ canvas: canvas.current, bed, code, colour: colourOf, lineWidth, onScale: setShown });
  }, [painter, bed, code, lineWidth]);
  const lateS = useNow(() => {
    const head = waves.head(bed);
    return head === undefined || delayOf(head) < LATE_US ? 0 : Math.round(delayOf(head) / 1e6);
  });
  // Of two devices that tell one signal only one is drawn.
  const device = useBed(bed)?.waveSources?.find((one) => one.code === shown?.code)?.source;
  const label = shown === undefined ? '' : (signalOf(shown.code)?.label ?? `MDC ${shown.code}`);
  const ecg = shown !== undefined && isEcgLead(shown.code);
  return (
    <div className="strip" data-strip={shown?.code} style={shown && { color: colourOf(shown.code) }}>
      {ecg ? (
        <div className="strip-mark" style={{ height: `${shown.scale.pxPerUnit}px` }} aria-hidden="true">
          <span>1 mV</span>
        </div>
      ) : null}
      <canvas
        ref={canvas}
        role="img"
        aria-label={`${ecg ? `ECG ${label}` : label || 'wave'}, bed ${bed}${device === undefined ? '' : `, of ${device}`}`}
      />
      {shown === undefined ? null : (
        <div className="strip-label">
          <b>{label}</b> {device === undefined ? null : <span className="strip-device">{device} ·</span>}25 mm/s ·{' '}
          {scaleWords(shown)}
          {lateS > 0 ? <em> · {lateS} s late</em> : null}
        </div>
      )}
    </div>
  );
};

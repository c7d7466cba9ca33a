/** Alarms about Vigil itself, in a strip of their own: they are of no bed, and every bed depends on them. */
import { VIGIL_BED } from '../../../../schemas/engine.ts';
import { flashes, graverFirst, isShown } from '../logic/alarms/alarm-look.ts';
import { AlarmChip } from './alarm-chip.tsx';
import { BedButtons } from './bed-buttons.tsx';
import { useBed, useConsole } from './use-console.ts';

/** More than these do not fit beside each other; the others are counted, and stand in the list of alarms. */
const CHIPS_MOST = 3;

export const VigilStrip = () => {
  const { open } = useConsole();
  const bed = useBed(VIGIL_BED);
  const alarms = (bed?.alarms ?? []).filter(isShown).sort(graverFirst);
  const gravest = alarms[0];
  const flashing = gravest !== undefined && flashes(gravest);
  if (bed === undefined || gravest === undefined) return null;
  return (
    <section
      className="vigil-strip"
      aria-label="Alarms about Vigil itself"
      data-vigil-strip
      data-priority={gravest.priority}
      data-state={gravest.state}
      data-flashing={flashing}
    >
      <button type="button" className="vigil-name" onClick={() => open(VIGIL_BED)}>
        Vigil itself
        <span className="unseen">: what is wrong, and since when</span>
      </button>
      <div className="vigil-chips">
        {alarms.slice(0, CHIPS_MOST).map((alarm) => (
          <AlarmChip key={alarm.alarm} alarm={alarm} />
        ))}
        {alarms.length > CHIPS_MOST ? <span className="tile-more">+{alarms.length - CHIPS_MOST}</span> : null}
      </div>
      <BedButtons bed={bed} words={false} />
    </section>
  );
};

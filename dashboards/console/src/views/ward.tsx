/** The ward: every bed, gravest first, laid out so that none needs scrolling while they fit. */
import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react';
import { type WardGrid, wardGrid } from '../logic/ward/ward-grid.ts';
import { BedTile } from './bed-tile.tsx';
import { useOrder, useRedInSight } from './use-console.ts';

const STEPS: Readonly<Record<string, (columns: number) => number>> = {
  ArrowLeft: () => -1,
  ArrowRight: () => 1,
  ArrowUp: (columns) => -columns,
  ArrowDown: (columns) => columns,
};

export const Ward = () => {
  const order = useOrder();
  const place = useRef<HTMLElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const measure = (): void => setSize({ width: element.clientWidth - 16, height: element.clientHeight - 16 });
    measure();
    const sizes = new ResizeObserver(measure);
    sizes.observe(element);
    return () => sizes.disconnect();
  }, []);
  useRedInSight(place, ({ bed }) => `[data-bed="${CSS.escape(bed)}"]`, size.width > 0);
  const grid: WardGrid = wardGrid(order.length, size.width, size.height);

  /** Arrow keys go from bed to bed; Enter opens, Tab goes to the bed's buttons. */
  const step = (event: KeyboardEvent): void => {
    const by = STEPS[event.key]?.(grid.columns);
    const from = (event.target as Element).closest('[data-open-bed]');
    if (by === undefined || from === null || place.current === null) return;
    const all = [...place.current.querySelectorAll<HTMLElement>('[data-open-bed]')];
    const next = all[all.indexOf(from as HTMLElement) + by];
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  };

  return (
    <main className="ward" ref={place} onKeyDown={step} aria-label="Ward">
      <div
        className="ward-grid"
        data-density={grid.density}
        style={{
          gridTemplateColumns: `repeat(${grid.columns}, minmax(0, 1fr))`,
          gridAutoRows: grid.scrolls ? `${grid.tileHeightPx}px` : `minmax(0, ${grid.tileHeightPx}px)`,
        }}
      >
        {size.width > 0 ? order.map((name) => <BedTile key={name} name={name} />) : null}
      </div>
    </main>
  );
};

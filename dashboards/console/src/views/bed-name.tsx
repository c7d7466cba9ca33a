/** The name of a bed where there may be too little room for it: its end stays, because beds whose names begin alike differ there. */
const WHOLE_UP_TO = 9;
const END = 6;

/** `of`: the name as the device wrote it. A screen reader gets it whole. */
export const BedName = ({ of }: { readonly of: string }) => {
  const letters = [...of];
  if (letters.length <= WHOLE_UP_TO) return of;
  return (
    <>
      <span className="unseen">{of}</span>
      <span className="name-start" aria-hidden="true">
        {letters.slice(0, -END).join('')}
      </span>
      <span className="name-end" aria-hidden="true">
        {letters.slice(-END).join('')}
      </span>
    </>
  );
};

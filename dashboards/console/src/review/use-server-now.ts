import { useEffect, useState } from 'react';

/** What the server's clock said when the page asked, microseconds; the computer's own, which may be wrong, where no answer has a date. */
const serverNow = async (): Promise<number> => {
  const said = await fetch(location.pathname, { method: 'HEAD', cache: 'no-store' }).then(
    ({ headers }) => Date.parse(headers.get('date') ?? ''),
    () => Number.NaN,
  );
  return (Number.isNaN(said) ? Date.now() : said) * 1e3;
};

/** When the page was opened, by the server's clock; undefined: not known yet. */
export const useServerNow = (): number | undefined => {
  const [nowUs, setNowUs] = useState<number>();
  useEffect(() => {
    void serverNow().then(setNowUs);
  }, []);
  return nowUs;
};

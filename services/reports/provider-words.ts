import type { Provider, ProviderNotice } from '../ports/inference.ts';

/**
 * The provider in use as the console's footer and the metrics have it: "cuda", or "cpu (cuda not available)".
 *
 * @param used of each network
 * @param noticed what was wished for and is not in use, for one network or all
 */
export const providerWords = (used: readonly Provider[], noticed: readonly ProviderNotice[]): string => {
  const missed = [...new Set(noticed.map(({ wished }) => wished))];
  const why = missed.map((each) => `${each} not ${used.includes(each) ? 'for all networks' : 'available'}`).join(', ');
  return `${[...new Set(used)].join(' and ')}${why === '' ? '' : ` (${why})`}`;
};

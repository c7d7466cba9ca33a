/** Words that came from outside may hold what moves a terminal's cursor. */
export const printable = (text: string): string => text.replace(/[^\P{C}]/gu, '\uFFFD');

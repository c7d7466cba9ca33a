/** An address may hold a name and a password, which nobody may print. */
export const withoutCredentials = (text: string): string => text.replace(/\/\/[^/@\s]*@/g, '//(not shown)@');

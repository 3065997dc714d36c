/** What others wrote must not steer the terminal, nor begin a line of its own. */
export const visible = (value: string): string => value.replaceAll(/\p{Cc}/gu, "\uFFFD");

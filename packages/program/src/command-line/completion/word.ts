/** The name of a program as a part of a function's name in a shell. */
export const word = (program: string): string => program.replaceAll("-", "_");

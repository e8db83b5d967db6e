/** What a stranger reads after --help; without a command, the list of all. */
export function help(command?: string): string;

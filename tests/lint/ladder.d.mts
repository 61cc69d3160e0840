export function allowedFolders(folder: string): string[];
export function findViolations(files: Map<string, string>): string[];
